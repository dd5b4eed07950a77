/**
 * Pool configurations as ini texts, and changes of them.
 *
 * @module
 */

import type { Edit } from "../../../src/cli/fuzz/fuzzer.ts";
import type { Choices } from "../inputs/mutate.ts";

const SECTION = "[/Script/Engine.VirtualTexturePoolConfig]";
const FORMATS = ["PF_DXT1", "PF_DXT5", "PF_BC4", "PF_BC5", "PF_BC7", "PF_G8", "PF_R8", "PF_G16"];
const OTHER_FORMATS = ["PF_R32_FLOAT", "PF_B8G8R8A8", "PF_R8G8B8A8"];
const NUMBER_KEYS = ["MinTileSize", "MaxTileSize", "SizeInMegabyte", "ScalabilityGroup"];
const NUMBERS = [
  ...["0", "1", "64", "128", "96.5", "0.0", "007", "2147483647", "2147483648", "9007199254740992"],
  ...["1e3", "-1", ".5", "5.", "9".repeat(400), "0x10", "NaN", ""],
];
const BLANKS = ["", "", "", " ", "  ", "\t", "\u00a0", "\u2028"];
const LINE_ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\u2028"];
/** What is put into texts. */
const PIECES = [
  ...["(", ")", "()", ",", ",,", "=", ";", ";;", "+", "!", ".", "[", "]", "[x]", " ", "\n", "\r"],
  ...["\u2028", "\u0000", "\ufeff", "ä", "__proto__", "constructor", "Pools", "!Pools", "Formats"],
  ...["Formats=", "Formats=()", "Formats=(PF_G8)", "PF_NOPE", "SizeInMegabyte=0", SECTION],
];
/** Lengths of what is repeated, up to the most characters of a text. */
const COUNTS = [2, 5, 40, 1100, 2 ** 14, 2 ** 16, 2 ** 18, 2 ** 20];

function blank(choices: Choices): string {
  return choices.chance(0.8) ? "" : choices.one(BLANKS);
}

/** An entry that is valid in nine cases of ten. */
function entry(choices: Choices): string {
  const padded = (text: string) => blank(choices) + text + blank(choices);
  const isPlain = choices.chance(0.9);
  const formats = Array.from(
    { length: 1 + choices.below(isPlain ? 3 : 5) },
    () => padded(choices.one(choices.chance(0.8) ? FORMATS : OTHER_FORMATS)),
  );
  const parts = NUMBER_KEYS.filter(() => choices.chance(0.5)).map((key, i) => {
    const plain = key === "SizeInMegabyte" ? `${1 + choices.below(99)}` : `${64 * (i + 1)}`;
    return padded(key) + "=" + padded(isPlain ? plain : choices.one(NUMBERS));
  });
  parts.splice(
    choices.below(parts.length + 1),
    0,
    padded("Formats") + "=" + padded(`(${formats})`),
  );
  return `${choices.one(["", "+", "."])}Pools${blank(choices)}=${blank(choices)}(${parts})`;
}

function line(choices: Choices): string {
  const kinds: (() => string)[] = [
    () => entry(choices),
    () => entry(choices),
    () => entry(choices),
    () => `DefaultSizeInMegabyte=${choices.chance(0.9) ? "64" : choices.one(NUMBERS)}`,
    () => `; ${choices.one(PIECES)}`,
    () => choices.one(["!Pools", "!Pools=ClearArray", ""]),
    () => choices.one([SECTION, SECTION, "[Other]\nPools=nonsense\n" + SECTION]),
  ];
  return blank(choices) + choices.one(kinds)() + (choices.chance(0.1) ? " ; note" : "");
}

/** A text that is valid in most cases. */
export function makeIni(choices: Choices): string {
  const lines = Array.from({ length: 1 + choices.below(6) }, () => line(choices));
  const end = () => choices.chance(0.9) ? "\n" : choices.one(LINE_ENDS);
  const text = lines.map((one) => one + end()).join("");
  return choices.chance(0.01) ? text.repeat(choices.one([200, 1000])) : text;
}

/** One to three changes of a text, as edits of its bytes. */
export function iniEdits(choices: Choices, bytes: Uint8Array): Edit[] {
  const text = new TextEncoder();
  return Array.from({ length: 1 + choices.below(3) }, (): Edit => {
    const at = choices.below(bytes.length + 1);
    const removed = choices.chance(0.5) ? 0 : choices.below(choices.one([2, 8, 60]));
    const kind = choices.below(10);
    let inserted = choices.one(PIECES);
    if (kind === 0) inserted = inserted.repeat(Math.ceil(choices.one(COUNTS) / inserted.length));
    // A pattern that ends at such a character tries to end at each one before it.
    if (kind === 0 && choices.chance(0.3)) inserted += "\u2028x";
    if (kind === 1) inserted = "";
    if (kind === 2) inserted = choices.one(NUMBERS);
    const shown = inserted.length > 20 ? `${inserted.slice(0, 20)}…` : inserted;
    const what = `${removed} bytes at ${at} by ${inserted.length} characters ${
      JSON.stringify(shown)
    }`;
    return { at, removed, inserted: text.encode(inserted), what };
  });
}
