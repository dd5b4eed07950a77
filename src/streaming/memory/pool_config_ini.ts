/**
 * Sizes of pools as an ini file has them.
 *
 * @module
 */

import { checkedString, describeValue } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import { checkedPoolConfig, type PoolConfig, type PoolConfigEntry } from "./pool_config.ts";

const SECTION = "/Script/Engine.VirtualTexturePoolConfig";
const FAILURE = "Cannot read pool configuration";
const MOST_CHARACTERS = 2 ** 20;

/** Formats by the engine's names of pixel formats. */
const FORMATS: Readonly<Record<string, TexelFormat>> = {
  PF_DXT1: "bc1-rgba-unorm",
  PF_DXT5: "bc3-rgba-unorm",
  PF_BC4: "bc4-r-unorm",
  PF_BC5: "bc5-rg-unorm",
  PF_BC7: "bc7-rgba-unorm",
  PF_G8: "r8unorm",
  PF_R8: "r8unorm",
  PF_G16: "r16unorm",
  PF_R32_FLOAT: "r32float",
  PF_B8G8R8A8: "rgba8unorm",
  PF_R8G8B8A8: "rgba8unorm",
};

/** Keys of an entry by the names that they have in the file. */
const NUMBER_KEYS: Readonly<Record<string, Exclude<keyof PoolConfigEntry, "formats">>> = {
  MinTileSize: "minTileSize",
  MaxTileSize: "maxTileSize",
  SizeInMegabyte: "sizeMb",
  ScalabilityGroup: "scalabilityGroup",
};

/**
 * Reads sizes of pools from a text in the shape of an ini file: what stands below
 * `[/Script/Engine.VirtualTexturePoolConfig]`, or all of it where no section is named.
 *
 * ```ini
 * [/Script/Engine.VirtualTexturePoolConfig]
 * DefaultSizeInMegabyte=64
 * +Pools=(Formats=(PF_DXT5,PF_BC5,PF_DXT1),MinTileSize=128,MaxTileSize=256,SizeInMegabyte=96,ScalabilityGroup=1)
 * ```
 *
 * The names `PF_DXT1`, `PF_DXT5`, `PF_BC4`, `PF_BC5`, `PF_BC7`, `PF_G8`, `PF_R8`, `PF_G16`, `PF_R32_FLOAT`,
 * `PF_B8G8R8A8` and `PF_R8G8B8A8` stand for WebGPU's formats, in quotes or without. `+Pools=`, `.Pools=` and
 * `Pools=` add an entry, `-Pools=` takes away those that are the same, and `!Pools` all so far; a `;` begins a
 * comment. Keys and formats are told apart by case.
 *
 * @param text At most 2^20 characters.
 * @throws {InvalidArgumentError} naming the line if it cannot be read, or a key does not exist.
 * @throws {OutOfRangeError} naming the line for a format that there is not, or a value out of its range.
 */
export function readPoolConfig(text: string): PoolConfig {
  checkedString(text, { name: "text", failure: FAILURE });
  if (text.length > MOST_CHARACTERS) {
    throw new OutOfRangeError(
      "text",
      `${FAILURE} as text must have at most ${MOST_CHARACTERS} characters: current number is ${text.length}`,
    );
  }
  let isInside = true;
  let defaultSizeMb: number | undefined;
  let pools: PoolConfigEntry[] = [];
  for (const [i, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.replace(/;.*$/s, "").trim();
    if (line === "") continue;
    const section = /^\[(.*)\]$/s.exec(line);
    if (section !== null) {
      isInside = section[1]!.trim() === SECTION;
      continue;
    }
    if (!isInside) continue;
    const where = `${FAILURE}, line ${i + 1},`;
    const assignment = /^([+.!-]?)(\w+)\s*(?:=\s*(.*))?$/s.exec(line);
    const [, sign = "", key = "", value = ""] = assignment ?? [];
    if (key === "Pools" && sign === "!") pools = [];
    else if (key === "Pools" && sign === "-") pools = pools.filter(unlike(readEntry(value, where)));
    else if (key === "Pools") pools.push(readEntry(value, where));
    else if (key === "DefaultSizeInMegabyte" && sign === "") {
      const config = { defaultSizeMb: numberOf(value, { key, where }) };
      ({ defaultSizeMb } = checkedPoolConfig(config, where));
    } else throw malformed(where, "a section, Pools=(…) or DefaultSizeInMegabyte=…", line);
  }
  return checkedPoolConfig(
    { pools, ...(defaultSizeMb === undefined ? {} : { defaultSizeMb }) },
    FAILURE,
  );
}

function readEntry(text: string, where: string): PoolConfigEntry {
  const inside = /^\((.*)\)$/s.exec(text);
  if (inside === null) throw malformed(where, "Pools=(Formats=(…),…)", text);
  const entry: Record<string, unknown> = {};
  let rest = inside[1]!.trim();
  while (rest !== "") {
    // Whitespace has one place in the pattern only, so that long lines take no longer than they must.
    const part = /^(\w+)\s*=(\s*\([^()]*\)\s*|[^(),]*)(?:,\s*(?=\S)|$)/.exec(rest);
    if (part === null) throw malformed(where, "KEY=VALUE, one after the other", rest);
    const [all, key, padded] = part as unknown as [string, string, string];
    const value = padded.trim();
    const own = key === "Formats" ? "formats" : keyOf(key, where);
    if (own in entry) throw malformed(where, "keys that stand once each", key);
    entry[own] = own === "formats" ? formatsOf(value, where) : numberOf(value, { key, where });
    rest = rest.slice(all.length);
  }
  return checkedPoolConfig({ pools: [entry] }, where).pools![0]!;
}

/** Whether entries are other ones, in whatever order their keys stand. */
function unlike(entry: PoolConfigEntry): (other: PoolConfigEntry) => boolean {
  const written = (one: PoolConfigEntry) => JSON.stringify(Object.entries(one).sort());
  return (other) => written(other) !== written(entry);
}

function keyOf(key: string, where: string): keyof PoolConfigEntry {
  if (Object.hasOwn(NUMBER_KEYS, key)) return NUMBER_KEYS[key]!;
  throw malformed(where, `one of the keys Formats, ${Object.keys(NUMBER_KEYS).join(", ")}`, key);
}

function formatsOf(text: string, where: string): TexelFormat[] {
  const inside = /^\((.*)\)$/s.exec(text);
  if (inside === null) throw malformed(where, "Formats=(…)", text);
  return inside[1]!.split(",").map((name) => {
    const format = name.trim().replace(/^"([^"]*)"$/, "$1");
    if (Object.hasOwn(FORMATS, format)) return FORMATS[format]!;
    throw new OutOfRangeError(
      "Formats",
      `${where} as a format must be one of ${Object.keys(FORMATS).join(", ")}: current value is ${
        describeValue(format)
      }`,
    );
  });
}

function numberOf(
  text: string,
  { key, where }: { readonly key: string; readonly where: string },
): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw malformed(where, `${key}=NUMBER`, text);
}

function malformed(where: string, wanted: string, found: string): InvalidArgumentError {
  return new InvalidArgumentError(
    "text",
    `${where} as it must be ${wanted}: current text is ${describeValue(found)}`,
  );
}
