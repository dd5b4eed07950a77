import assert from "node:assert/strict";
import { MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import {
  compileMaterial,
  expressions as e,
  MaterialBinder,
  MaterialInstance,
  type MaterialTexture,
} from "../../../src/rvt/material/mod.ts";
import { srgbToLinear } from "../../../src/texels/mod.ts";
import { evaluateMaterial, maskMaterial } from "./evaluate.ts";
import { plainTexture, randomTexture } from "./pictures.ts";

const FILL = { context: "virtual_texture" } as const;

/** A uv plane whose pixels are `step` texels apart, in a row. */
function row(texture: MaterialTexture, step: number) {
  return Array.from({ length: 8 }, (_, i) => ({
    uv: [(i + 0.5) * step / texture.width, 0.5 * step / texture.height],
  }));
}

/** What a level holds, linear. */
function linear(texture: MaterialTexture, level: number, x: number, y: number): number[] {
  const { width, height, texels } = texture.levels[level]!;
  const at = 4 * ((y % height) * width + (x % width));
  return [0, 1, 2, 3].map((i) => {
    const value = texels[at + i]! / 255;
    return texture.colorSpace === "srgb" && i < 3 ? srgbToLinear(value) : value;
  });
}

Deno.test("a texture is sampled at the level that the pixels' steps ask for, in linear light", async () => {
  using device = await requestDevice();
  for (const colorSpace of ["srgb", "linear"] as const) {
    const texture = randomTexture("random", { seed: 3, colorSpace });
    const material = maskMaterial(e.textureSample(texture));
    for (const level of [0, 1, 2]) {
      const points = row(texture, 2 ** level);
      const values = await evaluateMaterial(device, material, { points });
      values.forEach((value, i) => {
        linear(texture, level, i, 0).forEach((wanted, k) =>
          assert.ok(Math.abs(value[k]! - wanted) < 6e-3, `level ${level}, ${i}: ${value} ${wanted}`)
        );
      });
    }
  }
});

Deno.test("beyond the edges a texture repeats, or its edge goes on", async () => {
  using device = await requestDevice();
  for (const addressing of ["repeat", "clamp"] as const) {
    const texture = randomTexture("random", { seed: 4, addressing, colorSpace: "linear" });
    const { width, height } = texture;
    const material = maskMaterial(e.textureSample(texture));
    const points = Array.from({ length: 4 }, (_, i) => ({
      uv: [1 + (i + 0.5) / width, 0.5 / height],
    }));
    const values = await evaluateMaterial(device, material, { points });
    values.forEach((value, i) => {
      const wanted = linear(texture, 0, addressing === "repeat" ? i : width - 1, 0);
      wanted.forEach((w, k) => assert.ok(Math.abs(value[k]! - w) < 6e-3));
    });
  }
});

Deno.test("instances sample textures and parameters of their own through one compiled material", async () => {
  using device = await requestDevice();
  const red = plainTexture("red", [255, 0, 0, 255]);
  const green = plainTexture("green", [0, 255, 0, 255]);
  const scale = e.scalarParameter("scale", 1);
  const material = maskMaterial(e.multiply(e.textureSampleParameter("color", red), scale));
  const instance = new MaterialInstance(material, { name: "green" });
  instance.setTexture("color", green);
  instance.setScalar("scale", 0.5);
  assert.equal(compileMaterial(material, FILL).key, compileMaterial(instance, FILL).key);
  const points = [{ uv: [0.5, 0.5] }, { uv: [0.5, 0.5] }];
  assert.deepEqual((await evaluateMaterial(device, material, { points }))[0], [1, 0, 0, 1]);
  assert.deepEqual((await evaluateMaterial(device, instance, { points }))[0], [0, 0.5, 0, 0.5]);
});

Deno.test("a texture is on a device once, and only while something is bound that samples it", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const binder = new MaterialBinder(device, ledger);
  const [one, two] = [1, 2].map((seed) =>
    randomTexture(`${seed}`, { seed, width: 64, height: 64 })
  );
  const material = maskMaterial(e.textureSampleParameter("color", one!));
  const compiled = compileMaterial(material, FILL);
  const instance = new MaterialInstance(material, { name: "instance" });
  const chainBytes = [64, 32, 16, 8, 4, 2, 1].reduce((sum, size) => sum + 4 * size * size, 0);
  const bindings = [material, instance].map((user) => binder.bind(compiled, user));
  for (const binding of bindings) binding.currentGroup();
  assert.equal(ledger.partBytes("caches"), chainBytes);
  const group = bindings[1]!.currentGroup();
  instance.setTexture("color", two!);
  assert.notEqual(bindings[1]!.currentGroup(), group);
  assert.equal(bindings[1]!.currentGroup(), bindings[1]!.currentGroup());
  assert.equal(ledger.partBytes("caches"), 2 * chainBytes);
  bindings[0]!.destroy();
  bindings[0]!.destroy();
  assert.equal(ledger.partBytes("caches"), chainBytes);
  binder.destroy();
  assert.equal(ledger.usedBytes, 0);
});

Deno.test("a texture that does not fit the budget is an error, and leaves nothing behind", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 14);
  const binder = new MaterialBinder(device, ledger);
  const small = plainTexture("small", [0, 0, 0, 0]);
  const large = randomTexture("large", { seed: 1, width: 128, height: 128 });
  const material = maskMaterial(e.add(e.textureSample(small), e.textureSample(large)));
  const binding = binder.bind(compileMaterial(material, FILL), material);
  assert.throws(() => binding.currentGroup(), { code: "budget-too-small", message: /"large"/ });
  assert.equal(ledger.usedBytes, 0);
  binder.destroy();
});

Deno.test("materials of equal keys share the layout of their bind groups", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const binder = new MaterialBinder(device, ledger);
  const layouts = [plainTexture("a", [1, 2, 3, 4]), plainTexture("b", [5, 6, 7, 8])].map((each) => {
    const material = maskMaterial(
      e.multiply(e.textureSample(each), e.scalarParameter(each.name, 1)),
    );
    return binder.layoutOf(compileMaterial(material, FILL), material);
  });
  assert.equal(layouts[0], layouts[1]);
  const other = maskMaterial(e.scalarParameter("a", 1));
  assert.notEqual(binder.layoutOf(compileMaterial(other, FILL), other), layouts[0]);
});

Deno.test("values that no longer fit a parameter after the graph was changed have no effect", async () => {
  using device = await requestDevice();
  const material = maskMaterial(e.vectorParameter("tint", [1, 2, 3, 4]));
  const instance = new MaterialInstance(material, { name: "instance" });
  instance.setVector("tint", [5, 6, 7, 8]);
  assert.deepEqual(await evaluateMaterial(device, instance, { points: [{}] }), [[5, 6, 7, 8]]);
  material.connect({ mask4: e.append(e.vectorParameter("tint", [9, 10]), 0, 0) });
  assert.deepEqual(await evaluateMaterial(device, instance, { points: [{}] }), [[9, 10, 0, 0]]);
});
