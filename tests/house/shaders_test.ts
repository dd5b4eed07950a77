import assert from "node:assert/strict";
import { productFiles, productText } from "./project.ts";

/** Shader files that no source file imports. */
function unusedShaders(shaders: readonly string[], sources: readonly string[]): string[] {
  return shaders.filter((path) => {
    const pattern = new RegExp(`/${path.replaceAll(".", "\\.")}["']\\s*with\\s*\\{`);
    return !sources.some((text) => pattern.test(text));
  });
}

Deno.test("every shader file is imported as text by the source", () => {
  const files = productFiles();
  const shaders = files.filter((path) => path.startsWith("shaders/"));
  const sources = files.filter((path) => path.startsWith("src/") && path.endsWith(".ts"));
  assert.ok(shaders.length > 0);
  assert.ok(shaders.every((path) => path.endsWith(".wgsl")), "shaders/ holds WGSL alone");
  assert.deepEqual(unusedShaders(shaders, sources.map(productText)), []);
});

Deno.test("negative control: a shader that is only mentioned counts as unused", () => {
  const source = 'import a from "../../shaders/a.wgsl" with { type: "text" }; // shaders/b.wgsl';
  assert.deepEqual(unusedShaders(["shaders/a.wgsl", "shaders/b.wgsl"], [source]), [
    "shaders/b.wgsl",
  ]);
});
