import { type LevelContents, randomContents } from "../../scene/level_contents.ts";
import { ktx2Of, testWrapped, type WrapCase } from "./wrap_cases.ts";

/** What is encoded anew differs by 1 here. */
const CASES: Readonly<Record<string, WrapCase>> = {
  "a KTX2 file of whole blocks, whose last levels are baked": {
    wrap: ["repeat", "clamp"],
    contents: randomContents(192, 100, "bc7-rgba-unorm"),
    input: ktx2Of,
    most: 3,
    info: /levels 5 to 7 baked to bc7-rgba-unorm/,
  },
  "a KTX2 file of blocks that reach beyond its edge, and is baked": {
    wrap: ["clamp", "repeat"],
    contents: smooth(64, 90),
    input: ktx2Of,
    most: 3,
    info: /levels 0 and on baked to bc1-rgba-unorm/,
  },
};

/** Blocks of one colour each, neighbours alike. */
function smooth(width: number, height: number): LevelContents {
  const made = randomContents(width, height, "bc1-rgba-unorm");
  const levels = made.levels.map((bytes) =>
    bytes.map((_, i) => i % 8 < 4 ? [0x84, 0x10, 0x84, 0x10][i % 8 % 4]! + (i >> 7) % 8 : 0)
  );
  return { ...made, levels };
}

for (const [name, one] of Object.entries(CASES)) testWrapped(name, one);
