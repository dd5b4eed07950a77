import { deepEqual, equal, ok } from "node:assert/strict";
import { checkedCamera, lookAt, orthographic, perspective } from "../../src/geometry/mod.ts";
import {
  FEEDBACK_CELL_PIXELS,
  feedbackPixel,
  type ForgeDevice,
  type SampleFilter,
  virtualTextureWgsl,
} from "../../src/gpu/mod.ts";
import { render, type RenderCamera } from "../../src/scene/mod.ts";
import { visibleCorners } from "../../src/scene/visible_corners.ts";
import { randomContents } from "./level_contents.ts";
import { type ResidentTexture, withResident } from "./resident_texture.ts";

const SIZE = 512;
const TILE_SIZE = 64;
const contents = randomContents(SIZE, SIZE, "rgba8unorm");

/** One texel a pixel, the whole texture. */
const FLAT: RenderCamera = {
  view: lookAt([SIZE / 2, SIZE / 2, 1], [SIZE / 2, SIZE / 2, 0]),
  projection: orthographic({
    left: -SIZE / 2,
    right: SIZE / 2,
    bottom: -SIZE / 2,
    top: SIZE / 2,
    near: 0,
    far: 2,
  }),
  width: SIZE,
  height: SIZE,
};

/** For a picture of one cell, each pixel of which shows a tile of its own. */
const ONE_CELL = { contents: randomContents(64, 64, "rgba8unorm"), tileSize: 8, border: 4 };
/** Level 0 although a pixel covers 8 texels: 64 tiles, one for each pixel. */
const ONE_CELL_BIAS = -3;
const ONE_CELL_CAMERA: RenderCamera = {
  view: lookAt([32, 32, 1], [32, 32, 0]),
  projection: orthographic({ left: -32, right: 32, bottom: -32, top: 32, near: 0, far: 2 }),
  width: 8,
  height: 8,
};

const TILTED: RenderCamera = {
  view: lookAt([256, -40, 90], [256, 190, 0], { up: [0, 0, 1] }),
  projection: perspective({ fovYDegrees: 50, aspect: 4 / 3, near: 1, far: Infinity }),
  width: 320,
  height: 240,
};

/** Sampled tiles with their counts, since the last time. */
async function takeFeedback(
  device: ForgeDevice,
  { feedback }: ResidentTexture,
): Promise<Map<number, number>> {
  const encoder = device.gpu.createCommandEncoder();
  feedback.recordReadback(encoder, 0);
  device.submits.submit([encoder.finish()]);
  await feedback.waitForReadbacks();
  const counts = new Map<number, number>();
  for (const frame of feedback.takeFrames()) {
    equal(frame.overflow, 0);
    frame.keys.forEach((key, i) => counts.set(key, frame.counts[i]!));
  }
  return counts;
}

/** Draws with feedback in the pass itself. */
function drawReporting(
  device: ForgeDevice,
  texture: ResidentTexture,
  options: { camera: RenderCamera; filter: SampleFilter; uv?: string },
): void {
  const { gpu, submits } = device;
  const { camera, filter, uv = "uv" } = options;
  const { width, height } = camera;
  const code = virtualTextureWgsl({ group: 0, filter, feedback: true }) + `
    struct Corner { @builtin(position) position: vec4<f32>, @location(0) uv: vec2<f32> }
    @vertex fn project(@location(0) clip: vec3<f32>, @location(1) uv: vec2<f32>) -> Corner {
      return Corner(vec4<f32>(clip.xy, 0.5 * clip.z, clip.z), uv);
    }
    fn coordinate(uv: vec2<f32>) -> vec2<f32> { return ${uv}; }
    @fragment fn main(corner: Corner) -> @location(0) vec4<f32> {
      return vt_sample(coordinate(corner.uv), corner.position.xy);
    }`;
  const module = gpu.createShaderModule({ code });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [texture.binding.layout] }),
    vertex: {
      module,
      buffers: [{
        arrayStride: 20,
        attributes: [
          { shaderLocation: 0, offset: 0, format: "float32x3" },
          { shaderLocation: 1, offset: 12, format: "float32x2" },
        ],
      }],
    },
    fragment: { module, targets: [{ format: "rgba8unorm" }] },
  });
  const corners = visibleCorners(
    checkedCamera({ ...camera, position: [0, 0, 0], viewport: [width, height] }),
    texture,
  );
  const vertices = gpu.createBuffer({
    size: corners.byteLength,
    usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(vertices, 0, corners);
  const target = gpu.createTexture({
    size: [width, height],
    format: "rgba8unorm",
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, texture.binding.group);
  pass.setVertexBuffer(0, vertices);
  pass.draw(corners.length / 5);
  pass.end();
  submits.submit([encoder.finish()]);
  vertices.destroy();
  target.destroy();
}

const PASSES = {
  "in the pass that draws": async (
    device: ForgeDevice,
    texture: ResidentTexture,
    camera: RenderCamera,
  ) => await drawReporting(device, texture, { camera, filter: "trilinear" }),
  "in a small pass": async (
    device: ForgeDevice,
    texture: ResidentTexture,
    camera: RenderCamera,
  ) => void await render({ device, textures: [texture] }, camera),
};

for (const [where, draw] of Object.entries(PASSES)) {
  Deno.test(`feedback ${where} counts one pixel in 64 of each tile`, async () => {
    await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
      texture.writeFrame(3);
      await draw(device, texture, FLAT);
      const counts = await takeFeedback(device, texture);
      const { tilesX, tilesY } = texture.grid.level(0);
      equal(counts.size, tilesX * tilesY);
      for (const [key, count] of counts) {
        equal(texture.grid.levelOf(key), 0);
        equal(count, TILE_SIZE * TILE_SIZE / FEEDBACK_CELL_PIXELS);
      }
    });
  });

  Deno.test(`feedback ${where} is of the pixel whose turn it is, every one within 64 frames`, async () => {
    await withResident(ONE_CELL, async (device, texture) => {
      const seen = new Set<number>();
      for (let frame = 100; frame < 164; frame++) {
        texture.writeFrame(frame);
        texture.binding.write({ lodBias: ONE_CELL_BIAS });
        await draw(device, texture, ONE_CELL_CAMERA);
        const counts = await takeFeedback(device, texture);
        // The world's y grows upwards in the picture.
        const pixel = feedbackPixel(frame);
        const tile = texture.grid.tileIndexOf(0, pixel & 7, 7 - (pixel >> 3));
        deepEqual([...counts], [[tile, 1]], `in frame ${frame}`);
        seen.add(tile);
      }
      equal(seen.size, 64);
    });
  });
}

Deno.test("a small pass reports what the large one does", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    let differing = 0;
    let all = 0;
    for (let frame = 0; frame < 4; frame++) {
      texture.writeFrame(frame);
      texture.binding.write({ lodBias: 0.25 });
      drawReporting(device, texture, { camera: TILTED, filter: "trilinear" });
      const large = await takeFeedback(device, texture);
      await render({ device, textures: [texture] }, TILTED);
      const small = await takeFeedback(device, texture);
      for (const key of new Set([...large.keys(), ...small.keys()])) {
        differing += Math.abs((large.get(key) ?? 0) - (small.get(key) ?? 0));
        all += large.get(key) ?? 0;
      }
    }
    // Differences across 8 pixels are not those across one where perspective bends the plane.
    ok(all > 1000 && differing / all < 0.15, `${differing} of ${all}`);
  });
});

Deno.test("the bias moves what is wanted by whole levels", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    for (const lodBias of [1, 2, 3]) {
      texture.binding.write({ lodBias: lodBias + 0.01 });
      drawReporting(device, texture, { camera: FLAT, filter: "trilinear" });
      const levels = new Set<number>();
      for (const key of (await takeFeedback(device, texture)).keys()) {
        levels.add(texture.grid.levelOf(key));
      }
      deepEqual([...levels], [lodBias]);
    }
  });
});

Deno.test("a coordinate that does not change wants nothing", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    for (const filter of ["bilinear", "trilinear", "anisotropic"] as const) {
      const uv = "vec2<f32>(0.3, 0.7)";
      drawReporting(device, texture, { camera: FLAT, filter, uv });
      equal((await takeFeedback(device, texture)).size, 0);
      // One derivative is enough to tell a level.
      drawReporting(device, texture, { camera: FLAT, filter, uv: "vec2<f32>(uv.x, 0.7)" });
      ok((await takeFeedback(device, texture)).size > 0);
    }
  });
});

Deno.test("render writes no feedback when asked not to", async () => {
  await withResident({ contents, tileSize: TILE_SIZE }, async (device, texture) => {
    await render({ device, textures: [texture] }, FLAT, { feedback: false });
    equal((await takeFeedback(device, texture)).size, 0);
  });
});
