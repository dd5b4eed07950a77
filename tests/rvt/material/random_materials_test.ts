import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import type { AttributeName } from "../../../src/rvt/asset/attributes.ts";
import {
  compileMaterial,
  expressions,
  type Material,
  SURFACE_PIN_NAMES,
} from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import type { Fragment } from "../oracle/fragment.ts";
import { fragmentOf, randomFragment } from "../oracle/graphs/fragments.ts";
import { interpretMaterial } from "../oracle/graphs/interpret.ts";
import { interpretSurface } from "../oracle/graphs/interpret_surface.ts";
import { RANDOM_GRAPH_ERROR, randomMaterial } from "../oracle/graphs/random_graphs.ts";
import { RANDOM_CUSTOM_WGSL } from "../oracle/graphs/random_steps.ts";
import { RANDOM_LAYERS } from "../oracle/random_scene.ts";
import { evaluateMaterial, maskMaterial, type Point } from "./evaluate.ts";

const AROUND = { center: [60, -40, 10], radius: 8 } as const;
const ORACLE = { context: "virtual_texture", customWgsl: RANDOM_CUSTOM_WGSL } as const;

/** An attribute, and the four numbers that are compared: WGSL, and the same of the oracle. */
interface Compared {
  readonly attribute: AttributeName;
  readonly result: string;
}

const COMPARED: readonly Compared[] = [
  { attribute: "mask4", result: "output.mask4" },
  { attribute: "baseColor", result: "vec4f(output.base_color, output.opacity)" },
  { attribute: "normal", result: "vec4f(output.normal, output.opacity)" },
  { attribute: "worldHeight", result: "vec4f(output.world_height, output.opacity, 0.0, 0.0)" },
];

/** Points whose numbers float32 holds exactly, so that all differences are the graph's. */
function points(seed: number): Fragment[] {
  const random = seededRandom(seed);
  return Array.from({ length: 24 }, () => {
    const { worldPosition, uv, vertexNormal, layerWeight, view } = randomFragment(random, AROUND);
    const weights = RANDOM_LAYERS.map((name) => [name, Math.fround(layerWeight(name))] as const);
    const exact = <T extends readonly number[]>(numbers: T) =>
      numbers.map(Math.fround) as never as T;
    return fragmentOf({
      worldPosition: exact(worldPosition),
      uv: exact(uv),
      vertexNormal: exact(vertexNormal),
      layers: Object.fromEntries(weights),
      view: { ...view, outputDerivative: exact(view.outputDerivative) },
    });
  });
}

/** The same point as the GPU is given it; the layers are those that the material uses. */
function pointOf(fragment: Fragment, layers: readonly string[]): Point {
  const { worldPosition, uv, vertexNormal, view } = fragment;
  return {
    world: worldPosition,
    uv,
    normal: vertexNormal,
    view: [view.outputLevel, view.levelCount, ...view.outputDerivative],
    weights: layers.map((name) => fragment.layerWeight(name)),
  };
}

/** Largest difference between what the GPU and the oracle make of two materials. */
async function largestDifference(
  device: ForgeDevice,
  [drawn, expected]: readonly [Material, Material],
  { attribute, result, seed }: Compared & { readonly seed: number },
): Promise<number> {
  const { layers } = compileMaterial(drawn, { context: "virtual_texture" }).layout;
  const fragments = points(seed);
  const values = await evaluateMaterial(device, drawn, {
    result,
    points: fragments.map((fragment) => pointOf(fragment, layers)),
  });
  const differences = fragments.flatMap((fragment, k) => {
    const { opacity, values: written } = interpretMaterial(expected, fragment, ORACLE);
    return [...written[attribute]!, opacity].slice(0, 4)
      .map((number, at) => Math.abs(number - values[k]![at]!));
  });
  return Math.max(...differences);
}

Deno.test("random materials are on the GPU what the oracle says, within 1e-4", async () => {
  using device = await requestDevice();
  for (let seed = 0; seed < 48; seed++) {
    const compared = COMPARED[seed % COMPARED.length]!;
    const material = randomMaterial({
      seed,
      attributes: [compared.attribute],
      around: AROUND,
      layers: RANDOM_LAYERS,
      depth: 4 + seed % 4,
    });
    const difference = await largestDifference(device, [material, material], { ...compared, seed });
    assert.ok(difference <= RANDOM_GRAPH_ERROR, `seed ${seed}: ${difference}`);
  }
});

Deno.test("random surfaces shade pictures on the GPU with what the oracle says", async () => {
  using device = await requestDevice();
  for (let seed = 100; seed < 116; seed++) {
    const material = randomMaterial({
      seed,
      domain: "surface",
      attributes: SURFACE_PIN_NAMES.filter((name) => name !== "opacity"),
      around: AROUND,
      depth: 4,
    });
    const fragments = points(seed);
    const evaluated = (result: string) =>
      evaluateMaterial(device, material, {
        context: "main_pass",
        virtualTexturing: seed % 2 === 0,
        result,
        points: fragments.map((fragment) => pointOf(fragment, [])),
      });
    const one = await evaluated("vec4f(output.base_color, output.opacity)");
    const other = await evaluated("vec4f(output.normal, output.roughness + 2.0 * output.specular)");
    fragments.forEach((fragment, k) => {
      const options = { ...ORACLE, virtualTexturing: seed % 2 === 0 };
      const surface = interpretSurface(material, fragment, options);
      const { baseColor, normal, opacity, roughness, specular } = surface;
      const numbers = [...baseColor, opacity, ...normal, roughness + 2 * specular];
      [...one[k]!, ...other[k]!].forEach((value, at) => {
        const difference = Math.abs(value - numbers[at]!);
        assert.ok(difference <= 3 * RANDOM_GRAPH_ERROR, `seed ${seed}: ${difference}`);
      });
    });
  }
});

Deno.test("negative control: a node that differs in one input is found", async () => {
  using device = await requestDevice();
  const at = (scale: number) =>
    maskMaterial(expressions.sine(expressions.multiply(expressions.worldPosition(), scale)));
  const compared = { ...COMPARED[0]!, seed: 1 };
  assert.ok(await largestDifference(device, [at(0.05), at(0.05)], compared) <= RANDOM_GRAPH_ERROR);
  assert.ok(await largestDifference(device, [at(0.05), at(0.0501)], compared) > RANDOM_GRAPH_ERROR);
});
