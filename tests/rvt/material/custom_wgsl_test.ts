import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

/** Text that opens and closes what custom code may be in. */
const PARTS = [
  ...["/*", "*/", "//", "*", "/", "{", "}", " ", "x", "return 1.0;"],
  ...["\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"],
  "} fn escaped() -> f32 { return 2.0;",
];

/** Code that would declare a function beside its own, if its comments were read as in other languages. */
const ESCAPES = [
  "return 1.0; } fn escaped() -> f32 { return 2.0;",
  "return 1.0; // \v } fn escaped() -> f32 { return 2.0;",
  "return 1.0; // \u2028 } fn escaped() -> f32 { return 2.0;",
  "return 1.0; /* /* */ { */ } fn escaped() -> f32 { return 2.0; /* /* */ } */",
  "return 1.0 */* } */ 1.0; } fn escaped() -> f32 { return 2.0;",
  "/* return 1.0;",
  "/* /* */ return 1.0;",
];

/** Whether a function of some code compiles with another one that calls what the code must not declare. */
async function declaresMore(gpu: GPUDevice, code: string): Promise<boolean> {
  const lines = [`fn own() -> f32 {`, code, "}", "fn other() -> f32 { return escaped(); }"];
  gpu.pushErrorScope("validation");
  gpu.createShaderModule({ code: lines.join("\n") });
  return await gpu.popErrorScope() === null;
}

Deno.test("custom WGSL cannot leave its function, however its comments and lines end", async () => {
  using device = await requestDevice();
  for (const code of ESCAPES) {
    assert.throws(() => e.customWgsl({ code, components: 1 }), { name: "OutOfRangeError" }, code);
  }
  assert.ok(
    await declaresMore(device.gpu, ESCAPES[1]!),
    "negative control: WGSL ends lines at \\v",
  );
  assert.ok(await declaresMore(device.gpu, ESCAPES[3]!), "negative control: WGSL nests comments");
  const random = seededRandom(7);
  let accepted = 0;
  while (accepted < 100) {
    const count = 2 + Math.floor(9 * random());
    const parts = Array.from({ length: count }, () => PARTS[Math.floor(random() * PARTS.length)]!);
    const code = parts.join("");
    if (!code.includes("escaped")) continue;
    try {
      const made = e.customWgsl({ code, components: 1 });
      accepted++;
      assert.ok(!await declaresMore(device.gpu, made.code), JSON.stringify(code));
    } catch (error) {
      if ((error as Error).name !== "OutOfRangeError") throw error;
    }
  }
});

Deno.test("custom WGSL may have comments of every kind", () => {
  for (
    const code of [
      "/* a /* } */ b */ return 1.0;",
      "return 1.0; // }",
      "return 1.0 */* } */ 2.0;",
      "// {\n/* // */ if (true) { return 1.0; } return 2.0;",
    ]
  ) {
    assert.equal(e.customWgsl({ code, components: 1 }).code, code);
  }
});

Deno.test("custom WGSL that nests so deep that compilers would end the process is refused", () => {
  const nested = (depth: number) => `return ${"(".repeat(depth)}1.0${")".repeat(depth)};`;
  const sum = (terms: number) => `let a = 1.0; return a${"+a".repeat(terms)};`;
  const table = `let t = array<f32, 2000>(${"0.125, ".repeat(2000)}); return t[3];`;
  for (const code of [nested(256), sum(1900), table]) {
    assert.equal(e.customWgsl({ code, components: 1 }).code, code);
  }
  for (const code of [nested(257), nested(50_000), sum(2500), `return ${"!".repeat(9000)}true;`]) {
    assert.throws(() => e.customWgsl({ code, components: 1 }), {
      name: "OutOfRangeError",
      message: /brackets at most 256 deep, and at most 4000 characters/,
    });
  }
});
