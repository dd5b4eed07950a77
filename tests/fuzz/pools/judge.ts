/**
 * An opinion on a pool configuration as an ini text, from the documentation of its reader: read character by
 * character, with tables of its own.
 *
 * @module
 */

/** An entry as it was judged. */
export type JudgedEntry = Record<string, number | string[]>;

/** What a text says. */
export interface JudgedPools {
  readonly pools: readonly JudgedEntry[];
  readonly defaultSizeMb?: number;
}

/** A rule that a text breaks. */
export class BrokenRule extends Error {}

const SECTION = "/Script/Engine.VirtualTexturePoolConfig";
const MOST_CHARACTERS = 2 ** 20;
const MOST_ENTRIES = 1000;

const FORMATS = new Map(
  ("PF_DXT1 bc1-rgba-unorm PF_DXT5 bc3-rgba-unorm PF_BC4 bc4-r-unorm PF_BC5 bc5-rg-unorm " +
    "PF_BC7 bc7-rgba-unorm PF_G8 r8unorm PF_R8 r8unorm PF_G16 r16unorm PF_R32_FLOAT r32float " +
    "PF_B8G8R8A8 rgba8unorm PF_R8G8B8A8 rgba8unorm").match(/\S+ \S+/g)!
    .map((pair) => pair.split(" ") as [string, string]),
);

/** Keys of numbers: what they are called in the configuration, and the largest one. */
const NUMBERS = new Map<string, readonly [key: string, most: number]>([
  ["MinTileSize", ["minTileSize", 2 ** 53 - 1]],
  ["MaxTileSize", ["maxTileSize", 2 ** 53 - 1]],
  ["ScalabilityGroup", ["scalabilityGroup", 2 ** 31 - 1]],
  ["SizeInMegabyte", ["sizeMb", Infinity]],
]);

function must(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new BrokenRule(rule);
}

/** Reads a text from its front. */
class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get next(): string {
    return this.text[this.at] ?? "";
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  skipBlank(): void {
    while (!this.isAtEnd && this.next.trim() === "") this.at++;
  }

  take(character: string): boolean {
    const has = this.next === character;
    if (has) this.at++;
    return has;
  }

  /** Characters up to one of some, or the end. */
  until(ends: string): string {
    const from = this.at;
    while (!this.isAtEnd && !ends.includes(this.next)) this.at++;
    return this.text.slice(from, this.at);
  }

  word(): string {
    const from = this.at;
    const isOfWord = (one: string) =>
      (one >= "a" && one <= "z") || (one >= "A" && one <= "Z") || (one >= "0" && one <= "9") ||
      one === "_";
    while (isOfWord(this.next)) this.at++;
    must(this.at > from, "a key");
    return this.text.slice(from, this.at);
  }
}

/** @throws {BrokenRule} if the reader must refuse the text. */
export function judgePools(text: string): JudgedPools {
  must(text.length <= MOST_CHARACTERS, "2^20 characters");
  let isInside = true;
  let pools: JudgedEntry[] = [];
  let defaultSizeMb: number | undefined;
  for (const line of text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n")) {
    const said = line.split(";", 1)[0]!.trim();
    if (said === "") continue;
    if (said.length > 1 && said.startsWith("[") && said.endsWith("]")) {
      isInside = said.slice(1, -1).trim() === SECTION;
      continue;
    }
    if (!isInside) continue;
    const { sign, key, value } = judgeLine(said);
    if (key === "Pools" && sign === "!") pools = [];
    else if (key === "Pools") pools.push(judgeEntry(value));
    else {
      must(key === "DefaultSizeInMegabyte" && sign === "", "a key that there is");
      defaultSizeMb = judgeSize(value);
    }
  }
  must(pools.length <= MOST_ENTRIES, "1000 entries");
  return { pools, ...(defaultSizeMb === undefined ? {} : { defaultSizeMb }) };
}

function judgeLine(said: string): { sign: string; key: string; value: string } {
  const reader = new Reader(said);
  const sign = "+.!".includes(reader.next) ? reader.next : "";
  reader.at += sign.length;
  const key = reader.word();
  reader.skipBlank();
  must(reader.isAtEnd || reader.take("="), "= behind the key");
  reader.skipBlank();
  return { sign, key, value: said.slice(reader.at) };
}

function judgeEntry(value: string): JudgedEntry {
  must(value.length > 1 && value.startsWith("(") && value.endsWith(")"), "brackets of an entry");
  const reader = new Reader(value.slice(1, -1).trim());
  const entry: JudgedEntry = {};
  while (!reader.isAtEnd) {
    const key = reader.word();
    reader.skipBlank();
    must(reader.take("="), "= in an entry");
    reader.skipBlank();
    const [name, part] = key === "Formats"
      ? ["formats", judgeFormats(reader)] as const
      : judgeNumber(key, reader.until("(),").trim());
    must(!Object.hasOwn(entry, name), "keys that stand once each");
    entry[name] = part;
    reader.skipBlank();
    if (reader.isAtEnd) break;
    must(reader.take(","), "a comma");
    reader.skipBlank();
    must(!reader.isAtEnd, "a key behind a comma");
  }
  must("formats" in entry, "formats");
  const { minTileSize = 0, maxTileSize = Infinity } = entry;
  must(minTileSize <= maxTileSize, "the order of tile sizes");
  return entry;
}

function judgeFormats(reader: Reader): string[] {
  must(reader.take("("), "brackets of formats");
  const names = reader.until("()").split(",").map((name) => name.trim());
  must(reader.take(")"), "brackets of formats");
  must(names.every((name) => FORMATS.has(name)), "formats that there are");
  must(names.length <= 3, "1 to 3 formats");
  return names.map((name) => FORMATS.get(name)!);
}

function judgeNumber(key: string, text: string): readonly [string, number] {
  must(NUMBERS.has(key), "a key of an entry");
  const [name, most] = NUMBERS.get(key)!;
  if (name === "sizeMb") return [name, judgeSize(text)];
  const value = judgeDecimal(text);
  must(Math.floor(value) === value && value <= most, "an integer in its range");
  return [name, value];
}

function judgeSize(text: string): number {
  const size = judgeDecimal(text);
  must(size > 0 && size < Infinity, "a size above 0");
  return size;
}

function judgeDecimal(text: string): number {
  const parts = text.split(".");
  must(parts.length <= 2, "a number");
  for (const part of parts) {
    must(part !== "" && [...part].every((one) => one >= "0" && one <= "9"), "a number");
  }
  return Number(text);
}
