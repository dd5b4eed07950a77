import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  compileMaterial,
  explainCompilation,
  type Expression,
  expressions as e,
  Material,
} from "../../../src/rvt/material/mod.ts";
import { evaluateMaterial } from "./evaluate.ts";

function rough(roughness: Expression): Material {
  return new Material({ name: "rusty", domain: "virtual_texture", roughness });
}

/** The message of the error that a material's shader leads to. */
async function messageOf(material: Material): Promise<string> {
  using device = await requestDevice();
  // Creating the module reports what is checked here.
  device.gpu.pushErrorScope("validation");
  try {
    await evaluateMaterial(device, material, { points: [{}], result: "vec4f(output.roughness)" });
    return "";
  } catch (error) {
    assert.equal((error as { code?: string }).code, "out-of-range", `${error}`);
    return (error as Error).message;
  } finally {
    await device.gpu.popErrorScope();
  }
}

Deno.test("WGSL that does not compile names its node and carries the compiler's message", async () => {
  const x = e.componentMask(e.worldPosition(), "x");
  const good = e.customWgsl({ code: "let a = x;\n\nreturn a;", inputs: { x }, components: 1 });
  const cases = [
    { code: "let a = x;\nreturn missing_name;", says: /missing_name/ },
    { code: "return x +;", says: /expected|unexpected/i },
    { code: "return vec2f(x);", says: /return|type/i },
    { code: "return vec2(1, 2);", says: /return|type|convert/i },
    { code: "let a = x;", says: /return|type/i },
  ];
  for (const { code, says } of cases) {
    const bad = e.customWgsl({ name: "rust mask", code, inputs: { x }, components: 1 });
    const message = await messageOf(rough(e.add(good, bad)));
    assert.match(
      message,
      /^Cannot compile material "rusty" as node "rust mask" is not valid WGSL: /,
    );
    assert.match(message, says);
  }
});

Deno.test("a node without a name is called by its number and kind", async () => {
  const bad = e.customWgsl({ code: "return nothing;", components: 1 });
  const message = await messageOf(rough(e.multiply(e.layerWeight("a"), bad)));
  assert.match(message, /node 1 \(custom_wgsl\) is not valid WGSL/);
});

Deno.test("negative control: valid WGSL has no message", async () => {
  assert.equal(await messageOf(rough(e.customWgsl({ code: "return 0.5;", components: 1 }))), "");
});

Deno.test("lines of the shader around the material are told apart, and warnings are no errors", () => {
  const bad = e.customWgsl({ name: "bad", code: "return nothing;", components: 1 });
  const compiled = compileMaterial(rough(bad), { context: "virtual_texture" });
  const line = compiled.code.split("\n").findIndex((text) => text.includes("nothing")) + 1;
  const message = { type: "error", message: "wrong", lineNum: line + 10 };
  assert.match(explainCompilation([message], compiled, { linesBefore: 10 })!.message, /node "bad"/);
  assert.match(
    explainCompilation([{ ...message, lineNum: 3 }], compiled, { linesBefore: 10 })!.message,
    /as the shader around it is not valid WGSL: wrong$/,
  );
  assert.equal(explainCompilation([{ ...message, type: "warning" }], compiled), null);
  assert.throws(() => explainCompilation([], compiled, { linesBefore: -1 }), {
    code: "out-of-range",
  });
});
