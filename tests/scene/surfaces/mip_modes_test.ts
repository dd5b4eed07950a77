import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, type RuntimeVirtualTextureSampleOptions } from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import {
  brightnessOf,
  LEVELS,
  levelsWorld,
  showing,
  SLANTING,
  WORLD_TO_VOLUME,
} from "./levels_world.ts";
import { IS_LAVAPIPE } from "../../helpers/filter_precision.ts";
import { LIGHT, oraclePicture, pictureDifference, sampledAt } from "./oracle_picture.ts";

/**
 * Part of a level, by brightness: what 8 bits of sRGB lose, and logarithms. SwiftShader's derivatives differ
 * by a seventh of a level.
 */
const MOST_ERROR = (IS_LAVAPIPE ? 1 / 12 : 1 / 5) / LEVELS;

const UV = e.add(0.4, e.multiply(e.textureCoordinate(), 0.2));
const AS_WRITTEN = [4 / 1024, 0];
const MODES: Readonly<Record<string, RuntimeVirtualTextureSampleOptions>> = {
  none: {},
  "a level": { mipMode: "level", level: 1.3 },
  "a level by pixel": {
    mipMode: "level",
    level: e.multiply(5, e.componentMask(e.textureCoordinate(), "x")),
  },
  "a bias": { mipMode: "bias", bias: 0.7 },
  "a negative bias": { mipMode: "bias", bias: -1 },
  derivatives: { mipMode: "derivatives", ddx: AS_WRITTEN, ddy: [0, 5 / 1024] },
  "world derivatives": { mipMode: "world_derivatives", ddx: [0.1, 0, 3], ddy: [0.05, 0.05, 0] },
};

Deno.test("every mip mode, by world position and by uv, samples the level that it says", async () => {
  using device = await requestDevice();
  const { system, scene, asset, ground } = await levelsWorld(device);
  using _system = system;
  const seen = new Set<number>();
  const difference = async (options: { readonly biasOfOracle: number }) => {
    const picture = await renderScene(scene, SLANTING, { ...LIGHT, feedback: false });
    const oracle = oraclePicture({
      ...{ scene, camera: SLANTING, volumes: [] },
      runtimeVirtualTexture: (_, place) => {
        const grid = scene.textureOf(asset)!;
        const level = sampledAt(place, WORLD_TO_VOLUME, grid).level + options.biasOfOracle;
        seen.add(Math.floor(level));
        return brightnessOf(level);
      },
    });
    const { largest, compared } = pictureDifference(picture, oracle);
    assert.ok(compared > 0.9, `${compared} of the pixels are compared`);
    return largest;
  };
  for (const by of [{}, { by: "uv", uv: UV }] as const) {
    for (const [name, options] of Object.entries(MODES)) {
      const { baseColor } = e.runtimeVirtualTextureSample(asset, { ...options, ...by });
      ground.material = showing(baseColor);
      const what = `${name} by ${by.by ?? "world position"}`;
      const error = await difference({ biasOfOracle: 0 });
      assert.ok(error <= MOST_ERROR, `${what}: ${error}`);
      const control = await difference({ biasOfOracle: 0.5 });
      assert.ok(control > 1.5 * MOST_ERROR, `negative control: ${what}: ${control}`);
    }
  }
  assert.ok(seen.size >= LEVELS, `levels ${[...seen]}`);
});
