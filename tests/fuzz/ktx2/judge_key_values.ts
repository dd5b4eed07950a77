/**
 * The judge's opinion on key/value data.
 *
 * @module
 */

import { type Judged, must } from "./judge.ts";
import { Undecided } from "./judge_formats.ts";

/** Judges the entries and the values of reserved keys. */
export function judgeKeyValues(file: Judged): void {
  const { view, kvd: [start, length] } = file;
  const end = start + length;
  const values = new Map<string, Uint8Array>();
  let previous = "";
  for (let at = start; at < end;) {
    must(at + 4 <= end, "an entry's length");
    const size = view.getUint32(at, true);
    must(size >= 2 && at + 4 + size <= end, "an entry's size");
    const entry = new Uint8Array(view.buffer, view.byteOffset + at + 4, size);
    const stop = entry.indexOf(0);
    must(stop > 0, "a key and its end");
    const key = text(entry.subarray(0, stop));
    must(key !== null && !key.startsWith("\ufeff"), "a key of UTF-8");
    // Order of bytes is order of code points.
    const order = Array.from(entry.subarray(0, stop), (b) => String.fromCharCode(b)).join("");
    must(previous === "" || previous < order, "keys in order, each once");
    previous = order;
    values.set(key!, entry.slice(stop + 1));
    const next = at + 4 + Math.ceil(size / 4) * 4;
    must(next <= end, "padding of an entry");
    for (let i = at + 4 + size; i < next; i++) must(view.getUint8(i) === 0, "zeros as padding");
    at = next;
  }
  for (const [key, value] of values) judgeValue(file, key, value);
  must(!values.has("KTXwriterScParams") || values.has("KTXwriter"), "KTXwriterScParams alone");
}

function text(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function judgeValue(file: Judged, key: string, value: Uint8Array): void {
  if (!/^ktx/i.test(key) || !/^(KTX|ktx)/.test(key)) return;
  switch (key) {
    case "KTXorientation": {
      const wanted = file.depth > 0
        ? /^[rl][du][oi]\0$/
        : file.height > 0
        ? /^[rl][du]\0$/
        : /^[rl]\0$/;
      return must(wanted.test(text(value) ?? ""), key);
    }
    case "KTXswizzle":
      must(file.vkFormat < 124 || file.vkFormat > 130, `${key} of depths`);
      return must(/^[rgba01]{4}\0$/.test(text(value) ?? ""), key);
    case "KTXwriter":
    case "KTXwriterScParams":
      return must(value.at(-1) === 0 && text(value.subarray(0, -1)) !== null, key);
    case "KTXcubemapIncomplete":
    case "KTXglFormat":
    case "KTXdxgiFormat__":
    case "KTXmetalPixelFormat":
    case "KTXastcDecodeMode":
    case "KTXanimData":
    case "KTXmapRange":
      throw new Undecided(key);
    default:
      must(false, `the reserved key ${key}`);
  }
}
