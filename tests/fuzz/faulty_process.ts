/**
 * A fuzzer of a reader that ends or blocks its process.
 *
 * @module
 */

import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";

/** Does something wrong with some inputs, by their number. */
export const fuzzer: Fuzzer = {
  name: "faulty",
  description: "a reader that ends or blocks its process",
  makeInput: (_seed, index) => ({ sample: `${index}`, bytes: Uint8Array.of(index), edits: [] }),
  async tryBytes([index]) {
    if (index === 5 || index! >= 100) throw new TypeError("a slip");
    if (index === 11) Deno.exit(7);
    if (index === 23) { for (;;); }
    if (index === 31) {
      setTimeout(() => {
        throw new Error("thrown in a timer");
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return "refused";
  },
  allowedBytes: () => 0,
};
