import { equal, ok, throws } from "node:assert/strict";
import { InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { virtualTextureWgsl } from "../../../src/gpu/mod.ts";
import { COLOR_MAPS, type ColorMap } from "../../../src/texels/mod.ts";
import { holedFloats } from "./holed_floats.ts";
import { withResident } from "../../scene/resident_texture.ts";
import { points, samplePoints } from "./sample_points.ts";

Deno.test("shaders of your own map sampled values to colours, with any prefix", async () => {
  const contents = holedFloats("r32float", 1, 0);
  await withResident({ contents, tileSize: 64 }, async (device, texture) => {
    const at = points(3).map(([u]) => [u, 0, 0] as const);
    const mapped = await samplePoints(device, texture, at, "holes", {
      call: "vt_color_map(point.x, vec2f(0.25, 0.75))",
      colorMap: "terrain",
    });
    const ends = [[0.2, 0.2, 0.6, 1], [1, 1, 1, 1]] as const;
    let found = 0;
    for (const [i, [u]] of at.entries()) {
      const end = u <= 0.25 ? ends[0] : u >= 0.75 ? ends[1] : null;
      if (end === null) continue;
      found++;
      end.forEach((part, c) => ok(Math.abs(mapped[4 * i + c]! - part) < 1e-4));
    }
    ok(found > 100);
  });
  const code = virtualTextureWgsl({ group: 0, prefix: "dem_", colorMap: "viridis" });
  ok(code.includes("fn dem_color_map(") && !/\bvt_/.test(code));
  ok(!virtualTextureWgsl({ group: 0 }).includes("color_map"));
});

Deno.test("maps that do not exist are typed errors", () => {
  const make = (colorMap: unknown) => () =>
    virtualTextureWgsl({ group: 0, colorMap: colorMap as ColorMap });
  throws(make("jet"), OutOfRangeError);
  throws(make(1), InvalidArgumentError);
  equal(new Set(COLOR_MAPS.map((map) => make(map)())).size, COLOR_MAPS.length);
});
