/**
 * Runtime virtual textures, measured quickly, within bounds wide enough for a machine that does other work
 * as well.
 */

import assert from "node:assert/strict";
import type { BenchResult } from "../../src/cli/bench/benchmark.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { resultBreach } from "./result_breach.ts";
import { benchCompilation } from "./rvt_compilation_bench.ts";
import { benchEdits } from "./rvt_edits_bench.ts";
import { benchEncoders } from "./rvt_encoders_bench.ts";
import { benchFrames } from "./rvt_frames_bench.ts";
import { benchLowMips } from "./rvt_low_mips_bench.ts";
import { benchMemory } from "./rvt_memory_bench.ts";
import { benchTeleport } from "./rvt_teleport_bench.ts";
import { benchTiles } from "./rvt_tiles_bench.ts";

const QUICK = { rounds: 1, repeats: 4 };

/** A figure's median; fails if there is no such figure. */
function medianOf({ metrics }: BenchResult, name: string): number {
  assert.ok(name in metrics, name);
  return metrics[name]!.median;
}

Deno.test("rendering tiles of four layers with compression takes less than twice as long as without", async () => {
  using device = await requestDevice();
  const result = await benchTiles(device, {
    ...QUICK,
    materialTypes: ["base_color_normal_roughness_specular", "ycocg_base_color_normal_specular"],
    layers: [1, 4],
    qualities: ["low", "medium"],
    tiles: 2,
    tileSize: 256,
  });
  assert.equal(resultBreach(result), "");
  for (const type of ["base_color_normal_roughness_specular", "ycocg_base_color_normal_specular"]) {
    const few = medianOf(result, `${type}_4_layers_low_vs_uncompressed`);
    assert.ok(few < 2, `${type}: ${few}`);
    const one = medianOf(result, `${type}_1_layers_medium_vs_uncompressed`);
    assert.ok(one > 1.2 * few, `negative control: more effort for less takes ${one}, not ${few}`);
  }
});

Deno.test("encoders of more effort are slower and nearer to the picture", async () => {
  using device = await requestDevice();
  const qualities = ["low", "medium"] as const;
  const result = await benchEncoders(device, { ...QUICK, pictures: false, qualities, copies: 4 });
  assert.equal(resultBreach(result), "");
  for (const name of ["bc1", "bc3", "bc4", "bc5", "ycocg", "ycocg_block_scale"]) {
    const [low, medium] = qualities.map((quality) => ({
      speed: medianOf(result, `${name}_${quality}_speed`),
      psnr: medianOf(result, `${name}_${quality}_psnr`),
    }));
    assert.ok(low!.speed > medium!.speed, `${name}: ${low!.speed} ${medium!.speed} Mtexel/s`);
    assert.ok(low!.psnr < medium!.psnr, `${name}: ${low!.psnr} ${medium!.psnr} dB`);
    assert.ok(low!.psnr > 30, `${name}: ${low!.psnr} dB`);
  }
});

Deno.test("through a texture many layers cost far less than shading each, and textures at rest little", async () => {
  using device = await requestDevice();
  const result = await benchFrames(device, { ...QUICK, layers: [1, 16], viewport: [320, 180] });
  assert.equal(resultBreach(result), "");
  const [one, many] = [1, 16].map((layers) =>
    medianOf(result, `${layers}_layers_through_texture_vs_directly`)
  );
  assert.ok(many! < 0.7, `16 layers: ${many}`);
  assert.ok(one! > 2 * many!, `negative control: one layer: ${one}`);
  assert.ok(medianOf(result, "16_layers_through_texture_vs_passes") < many!, "passes cost more");
  assert.ok(medianOf(result, "4_textures_at_rest_vs_none") < 1.3);
});

Deno.test("an edit renders the tiles again that show it, and no others", async () => {
  using device = await requestDevice();
  const result = await benchEdits(device, { edits: 12 });
  assert.equal(resultBreach(result), "");
  const { min, max } = result.metrics["tiles_rendered_vs_exact"]!;
  assert.deepEqual([min, max], [1, 1]);
});

Deno.test("a distant view of baked low mips loads no object, and takes less time than a rendered one", async () => {
  using device = await requestDevice();
  const result = await benchLowMips(device, { side: 12, levels: 5, rounds: 1 });
  assert.equal(resultBreach(result), "");
  assert.equal(medianOf(result, "objects_loaded_by_distant_view"), 0);
  assert.ok(medianOf(result, "memory_of_meshes_vs_rendered") < 0.2);
  assert.ok(medianOf(result, "distant_view_vs_rendered") < 1);
  assert.ok(medianOf(result, "build") > 5);
});

Deno.test("a view is sharp after a teleport in the fewest updates that its limit allows", async () => {
  using device = await requestDevice();
  const result = await benchTeleport(device, { limits: [8, 64], teleports: 2 });
  assert.equal(resultBreach(result), "");
  assert.equal(result.metrics["updates_until_sharp_vs_fewest"]!.max, 1);
});

Deno.test("compression takes the memory that formats say, and YCoCg a quarter or a half more", async () => {
  using device = await requestDevice();
  const result = await benchMemory(device, [
    "base_color",
    "ycocg_base_color_normal_specular",
    "ycocg_base_color_normal_specular_mask",
  ]);
  assert.equal(resultBreach(result), "");
  assert.equal(medianOf(result, "base_color_vs_uncompressed"), 1 / 8);
  for (const { median, target } of Object.values(result.metrics)) {
    if (target !== undefined) assert.ok(Math.abs(median / target - 1) < 0.01, `${median}`);
  }
});

Deno.test("materials with equal graphs share one pipeline, and the first tiles with it take longest", async () => {
  using device = await requestDevice();
  const result = await benchCompilation(device, { materials: 4 });
  assert.equal(resultBreach(result), "");
  assert.equal(medianOf(result, "pipelines_of_3_materials_with_equal_graphs"), 1);
  assert.ok(medianOf(result, "new_graph_vs_known") > 1);
});
