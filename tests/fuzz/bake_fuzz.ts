/**
 * Fuzzer of bakes of low mips: what a tile store says of itself.
 *
 * @module
 */

import { Finding, type Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, OutOfRangeError, UnsupportedError } from "../../src/errors.ts";
import { PlacedLowMips, VirtualTextureBuilder } from "../../src/rvt/low_mips/mod.ts";
import { hasForm, judgeBake, type JudgedBake } from "./bake/judge.ts";
import { IDENTITIES, makeBake, SETTINGS, TEXTURE } from "./bake/sample_bake.ts";
import { Choices } from "./inputs/mutate.ts";
import { judgeStore } from "./store/judge.ts";

/** Longest warning that a store may cause. */
const MOST_CHARACTERS = 2000;

/** What is done with a bake. */
export type OpenBake = (
  bytes: Uint8Array,
) => Promise<Pick<PlacedLowMips, "fault" | "isServed" | "warnings" | "close">>;

/** What a store that cannot be used is answered with. */
const KINDS = [MalformedFileError, OutOfRangeError, UnsupportedError];

/** Opens a bake as the library does, for the texture that the sample is of. */
export function openBake(bytes: Uint8Array): Promise<PlacedLowMips> {
  return PlacedLowMips.open({
    texture: TEXTURE,
    settings: SETTINGS,
    identities: IDENTITIES,
    streamed: () => [],
    builder: new VirtualTextureBuilder({ bytes }),
    touchTest: () => () => false,
    isUsed: true,
    rendersStale: true,
    wantsTint: () => false,
    volumeName: "Volume",
    warn() {},
  });
}

/** Checks what was opened against what must become of it. */
function check(opened: Awaited<ReturnType<OpenBake>>, judged: JudgedBake): void {
  const { fault } = opened;
  if (judged.kind !== "read") {
    const found = judged.kind === "foreign"
      ? `the record breaks the rule: ${judged.rule}`
      : judged.kind;
    if (fault === null) throw new Finding("wrong accept", found);
    const saysSettings = fault.message.includes("other settings");
    if (saysSettings === (judged.kind === "other settings")) return;
    throw new Finding("wrong refusal", `${found}, and it is said: ${fault.message}`);
  }
  if (fault !== null) throw new Finding("wrong refusal", fault.message);
  for (let tile = 0; tile < TEXTURE.grid.tileCount; tile++) {
    if (opened.isServed(tile) === judged.upToDate.has(tile)) continue;
    throw new Finding("wrong texels", `tile ${tile} is stale in the one and not in the other`);
  }
  if (opened.warnings().some((text) => text.includes("tinted")) !== judged.isTinted) {
    throw new Finding("wrong accept", "tinted");
  }
}

/** A fuzzer of a function that opens bakes. */
export function bakeFuzzer(open: OpenBake): Fuzzer {
  return {
    name: "bake",
    description: "bakes of low mips: what their tile stores say of themselves",
    makeInput(seed, index) {
      const { what, bytes } = makeBake(new Choices(seed, index));
      return { sample: what, bytes, edits: [] };
    },
    async tryBytes(bytes) {
      const opened = await open(bytes);
      try {
        const { fault } = opened;
        if (fault !== null && !KINDS.some((kind) => fault instanceof kind)) throw fault;
        const longest = Math.max(0, ...opened.warnings().map(({ length }) => length));
        if (longest > MOST_CHARACTERS) throw new Finding("memory", `a warning of ${longest}`);
        const { isValid } = judgeStore(bytes);
        if (isValid === null) return fault === null ? "accepted" : "refused";
        if (!isValid || !hasForm(bytes)) {
          if (fault === null) throw new Finding("wrong accept", "a store of another form");
          return "refused";
        }
        const judged = judgeBake(bytes);
        check(opened, judged);
        return judged.kind === "read" ? "accepted" : "refused";
      } finally {
        opened.close();
      }
    },
    allowedBytes: (bytes) => 2 ** 24 + 16 * bytes.length,
  };
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = bakeFuzzer(openBake);
