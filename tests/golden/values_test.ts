import { lookAt, orthographic } from "../../src/geometry/mod.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { type Picture, render, type RenderOptions } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { type ValueOf, valueSource } from "../streaming/value_source.ts";
import { testGolden } from "./golden.ts";

const SIZE = 256;

/** Heights in metres, from the sea to a summit, with lakes that were not measured and a few lost texels. */
const heightOf: ValueOf = (column, row, _band, level) => {
  const [x, y] = [column, row].map((at) => (at + 0.5) * 2 ** level / SIZE) as [number, number];
  const isLake = Math.hypot(x - 0.3, (y - 0.7) * 1.6) < 0.12;
  const isLost = level === 0 && (column * 7919 + row * 104729) % 977 === 0;
  if (isLake || isLost) return NaN;
  const ridge = Math.cos(9 * x + 4 * y) * Math.cos(5 * y - 2 * x) + 0.4 * Math.cos(23 * x - 17 * y);
  return 1200 + 900 * ridge - 1500 * Math.hypot(x - 0.6, y - 0.4);
};

/** A scene of 16 bits of which the lightest texels reach a fiftieth, but for one lamp. */
const darkOf: ValueOf = (column, row, _band, level) => {
  const [x, y] = [column, row].map((at) => (at + 0.5) * 2 ** level / SIZE) as [number, number];
  if (Math.hypot(x - 0.8, y - 0.2) < 0.03) return 65535;
  return 300 + 1000 * (0.5 + 0.5 * Math.sin(40 * x * y)) * (1 - y);
};

/** Draws values from above. */
async function draw(valueOf: ValueOf, options: RenderOptions, isDark = false): Promise<Picture> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64 });
  const kind = isDark ? { valueScale: 65535 } : { hasHoles: true };
  const scaled: ValueOf = (...at) => valueOf(...at) / (isDark ? 65535 : 1);
  await system.loadTexture(valueSource(scaled, { width: SIZE, height: SIZE, ...kind }));
  const camera = {
    view: lookAt([0, 0, 1], [0, 0, 0]),
    projection: orthographic({ left: 0, right: SIZE, bottom: SIZE, top: 0, near: 0, far: 2 }),
    ...{ position: [128, 128, 1], width: SIZE, height: SIZE, viewport: [SIZE, SIZE] },
  };
  await system.update(camera);
  return await render(system, camera, options);
}

// A terrain with holes, and a dark scene of 16 bits between percentiles.
testGolden("values_viridis", () => draw(heightOf, { colorMap: "viridis" }));
testGolden("values_terrain", () => draw(heightOf, { colorMap: "terrain" }));
testGolden("values_dark", () => draw(darkOf, { valueRange: "percentiles" }, true));
