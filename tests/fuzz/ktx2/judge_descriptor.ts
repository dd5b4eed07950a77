/**
 * The judge's opinion on a data format descriptor.
 *
 * @module
 */

import { type Judged, type JudgedBlock, must } from "./judge.ts";
import { formatRule, type JudgedSample, Undecided, withTransfer } from "./judge_formats.ts";

/** Channels of the colour models, by their numbers; others may have any. */
const CHANNELS: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1, 2, 13, 14, 15],
  2: [0, 1, 2, 13, 14, 15],
  128: [0, 1],
  130: [0, 15],
  131: [0],
  132: [0, 1],
  134: [0],
  163: [0, 3, 4, 15],
  166: [0, 3, 4, 5, 6],
};

/** Judges the descriptor and returns the block that levels are made of. */
export function judgeDescriptor(file: Judged): JudgedBlock {
  const { view, dfd: [start, length], vkFormat, scheme } = file;
  must(view.getUint32(start, true) === length, "the descriptor's total size");
  for (let at = start + 4, isFirst = true; at < start + length; isFirst = false) {
    must(at + 8 <= start + length, "a descriptor block's header");
    const size = view.getUint16(at + 6, true);
    must(size >= 8 && at + size <= start + length, "a descriptor block's size");
    if (isFirst) {
      must(view.getUint32(at, true) === 0, "the basic block first");
      must(size >= 24 && (size - 24) % 16 === 0, "the basic block's size");
    }
    at += size;
  }
  must(length >= 28, "a basic block");
  const base = start + 4;
  must(view.getUint16(base + 4, true) === 2, "the descriptor's version");
  const byte = (at: number) => view.getUint8(base + at);
  const [model, primaries, transfer] = [byte(8), byte(9), byte(10)];
  must(primaries <= 11 && transfer <= 19, "known primaries and transfer function");
  const samples: JudgedSample[] = [];
  const size = view.getUint16(base + 6, true);
  for (let at = base + 24; at + 16 <= base + size; at += 16) {
    samples.push([
      view.getUint16(at, true),
      view.getUint8(at + 2) + 1,
      view.getUint8(at + 3),
      view.getUint32(at + 4, true),
      view.getUint32(at + 8, true),
      view.getUint32(at + 12, true),
    ]);
  }
  const known = CHANNELS[model];
  for (const [, , channel] of samples) {
    must(known === undefined || known.includes(channel & 15), "a channel of the model");
    must((channel & 0x10) === 0 || ((channel & 15) === 15 && transfer !== 1), "linear alpha only");
    if (known === undefined) throw new Undecided(`channels of model ${model}`);
  }
  const edges: [number, number, number] = [byte(12) + 1, byte(13) + 1, byte(14) + 1];
  const planes = [0, 1, 2, 3, 4, 5, 6, 7].map((plane) => byte(16 + plane));
  const found = { model, transfer, samples, planes, edges };
  if (scheme === 1) return judgeEtc1s(found, byte(15));
  if (vkFormat === 0) return judgeUndefined(file, found, byte(15));
  const rule = formatRule(vkFormat);
  if (rule === null) throw new Undecided(`format ${vkFormat}`);
  must(model === rule.model, "the format's colour model");
  must(
    rule.isSrgb === (transfer === 2) || (!rule.isSrgb && !rule.hasSrgb),
    "the transfer function",
  );
  must(samples.length === rule.samples.length, "the format's samples");
  rule.samples.forEach((sample, i) => {
    const wanted = withTransfer(sample, transfer);
    must(wanted.every((value, k) => value === samples[i]![k]), `sample ${i}`);
  });
  const isUnsized = scheme !== 0 && planes[0] === 0;
  must(isUnsized || planes.every((bytes, i) => bytes === (i === 0 ? rule.bytes : 0)), "planes");
  must(file.typeSize === rule.typeSize, "typeSize");
  return { edges: rule.edges, bytes: rule.bytes };
}

interface Found {
  readonly model: number;
  readonly samples: readonly JudgedSample[];
  readonly planes: readonly number[];
  readonly edges: readonly [number, number, number];
}

function judgeEtc1s({ model, samples, planes, edges }: Found, fourth: number): JudgedBlock {
  must(model === 163, "the model of BasisLZ");
  must(samples.length === 1 || samples.length === 2, "samples of BasisLZ");
  must(edges[0] === 4 && edges[1] === 4 && edges[2] === 1 && fourth === 0, "blocks of BasisLZ");
  const wanted = samples.length === 2 ? [8, 8] : [8];
  must(planes[0] === 0 || planes.every((bytes, i) => bytes === (wanted[i] ?? 0)), "planes");
  samples.forEach((sample, i) => {
    const [at, bits, , , lower, upper] = sample;
    must(at === 64 * i && bits === 64 && lower === 0 && upper === 0xffffffff, `sample ${i}`);
  });
  return { edges, bytes: 0 };
}

function judgeUndefined(file: Judged, found: Found, fourth: number): JudgedBlock {
  const { model, samples, planes, edges } = found;
  const { scheme } = file;
  if (model >= 128) must(file.height > 0 && file.levelCount > 0, "dimensions of blocks");
  if (scheme !== 0 && scheme !== 2 && scheme !== 3) {
    throw new Undecided("descriptors of a scheme with rules of its own");
  }
  if (model !== 166) throw new Undecided(`an undefined format of model ${model}`);
  must(samples.length === 1, "samples of UASTC");
  must(edges[0] === 4 && edges[1] === 4 && edges[2] === 1 && fourth === 0, "blocks of UASTC");
  const isUnsized = scheme !== 0 && planes[0] === 0;
  must(isUnsized || planes.every((bytes, i) => bytes === (i === 0 ? 16 : 0)), "planes");
  const [at, bits, , , lower, upper] = samples[0]!;
  must(at === 0 && bits === 128 && lower === 0 && upper === 0xffffffff, "the sample of UASTC");
  return { edges, bytes: planes[0]! };
}
