/**
 * Fuzzer of pool configurations: ini texts with sizes of pools.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Finding, type Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../src/errors.ts";
import { type PoolConfig, readPoolConfig } from "../../src/streaming/mod.ts";
import { Choices } from "./inputs/mutate.ts";
import { BrokenRule, type JudgedPools, judgePools } from "./pools/judge.ts";
import { iniEdits, makeIni } from "./pools/make_ini.ts";

/** What a text says, or the rule that it breaks. */
function judged(text: string): JudgedPools | BrokenRule {
  try {
    return judgePools(text);
  } catch (error) {
    if (error instanceof BrokenRule) return error;
    throw error;
  }
}

function isSame(config: PoolConfig, expected: JudgedPools): boolean {
  try {
    assert.deepStrictEqual(structuredClone(config), expected);
    return true;
  } catch {
    return false;
  }
}

/** A fuzzer of a function that reads such texts. */
export function poolsFuzzer(read: (text: string) => PoolConfig): Fuzzer {
  return {
    name: "pools",
    description: "pool configurations: ini texts with sizes of pools",
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      const bytes = new TextEncoder().encode(makeIni(choices));
      const edits = choices.chance(0.3) ? [] : iniEdits(choices, bytes);
      return { sample: "made", bytes, edits };
    },
    tryBytes(bytes) {
      const text = new TextDecoder().decode(bytes);
      const opinion = judged(text);
      let config: PoolConfig;
      try {
        config = read(text);
      } catch (error) {
        const isTyped = error instanceof InvalidArgumentError || error instanceof OutOfRangeError;
        if (!isTyped) throw error;
        if (opinion instanceof BrokenRule) return Promise.resolve("refused");
        throw new Finding("wrong refusal", error.message);
      }
      if (opinion instanceof BrokenRule) {
        throw new Finding("wrong accept", `the text breaks the rule: ${opinion.message}`);
      }
      if (isSame(config, opinion)) return Promise.resolve("accepted");
      throw new Finding("wrong accept", `${JSON.stringify([config, opinion])} differ`);
    },
    allowedBytes: (bytes) => 256 * bytes.length,
  };
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = poolsFuzzer(readPoolConfig);
