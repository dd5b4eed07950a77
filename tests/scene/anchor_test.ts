import { IS_LAVAPIPE } from "../helpers/filter_precision.ts";
import { deepEqual, ok, throws } from "node:assert/strict";
import {
  type CameraView,
  checkedCamera,
  lookAt,
  orthographic,
  perspective,
  placementFor,
} from "../../src/geometry/mod.ts";
import { type ForgeDevice, ReadbackBatch, virtualTextureWgsl } from "../../src/gpu/mod.ts";
import { anchorTexel, render } from "../../src/scene/mod.ts";
import { cornerOf } from "./corner_contents.ts";
import { difference } from "./draw_views.ts";
import { type ResidentTexture, withResident } from "./resident_texture.ts";
import { PICTURE_SIZE } from "./views.ts";

const ASPECT = PICTURE_SIZE.width / PICTURE_SIZE.height;
const LENS = perspective({ fovYDegrees: 50, aspect: ASPECT, near: 0.1, far: Infinity });

function placed(width: number, height: number) {
  return { grid: { width, height }, placement: placementFor([width, height]) };
}

/** A camera over a point of the plane z = 0, at a height, that looks at another point. */
function cameraOver(from: readonly [number, number, number], to: readonly [number, number]) {
  return {
    position: from,
    view: lookAt([...from], [...to, 0], { up: [0, 1, 0.01] }),
    projection: LENS,
    viewport: [PICTURE_SIZE.width, PICTURE_SIZE.height],
  } as const;
}

Deno.test("the anchor is a texel that is seen, the nearest of them in perspective", () => {
  const texture = placed(2 ** 20, 2 ** 19);
  const down = anchorTexel(cameraOver([900_000.5, 400_000.5, 10], [900_000.5, 400_000.5]), texture);
  ok(Math.abs(down[0] - 900_000) < 8 && Math.abs(down[1] - 400_000) < 6, `${down}`);
  const tilted = anchorTexel(cameraOver([900_000, 400_000, 10], [900_000, 400_020]), texture);
  ok(Math.abs(tilted[0] - 900_000) < 20, `${tilted}`);
  ok(tilted[1] > 400_000 && tilted[1] < 400_020, `${tilted}`);
  const box = { left: -50, right: 50, bottom: -50, top: 50, near: 0, far: 10 };
  const flat = anchorTexel({
    ...cameraOver([500, 300, 5], [500, 300.001]),
    projection: orthographic(box),
  }, texture);
  ok(Math.abs(flat[0] - 500) <= 51 && Math.abs(flat[1] - 300) <= 51, `${flat}`);
});

Deno.test("where nothing is seen the anchor is the texel below the camera, inside the texture", () => {
  const texture = placed(1000, 777);
  const up = (x: number, y: number): CameraView => ({
    position: [x, y, 10],
    view: lookAt([x, y, 10], [x, y, 20], { up: [0, 1, 0.01] }),
  });
  deepEqual(anchorTexel(up(300.7, 20.2), texture), [300, 20]);
  deepEqual(anchorTexel(up(-50, 1e6), texture), [0, 776]);
  deepEqual(anchorTexel({ position: [999.9, 3, 1] }, texture), [999, 3]);
});

Deno.test("an anchor of an impossible camera is refused", () => {
  const texture = placed(8, 8);
  throws(() => anchorTexel({ position: [0, NaN, 0] }, texture), RangeError);
  throws(() => anchorTexel({} as CameraView, texture), TypeError);
  throws(() => anchorTexel({ position: [0, 0, 1], view: [1] }, texture), /16 finite numbers/);
});

/**
 * Draws the last 512 texels as a mesh whose vertices lie at texels, with offsets made on the GPU.
 */
async function drawMesh(
  device: ForgeDevice,
  texture: ResidentTexture,
  camera: CameraView,
): Promise<Uint8Array> {
  const { gpu, submits } = device;
  const { width, height } = PICTURE_SIZE;
  const size = texture.grid.width;
  const m = checkedCamera(camera).viewProjection!;
  const vertices: number[] = [];
  for (const [x, y] of [[512, 512], [0, 512], [512, 0], [0, 0]] as const) {
    // Half a texel is passed as an offset.
    const [column, row] = [size - x, size - y];
    for (const i of [0, 1, 3]) vertices.push(m[i]! * column + m[4 + i]! * row + m[12 + i]!);
    vertices.push(column - 1, row - 1, 1, 1);
  }
  const [anchorX, anchorY] = anchorTexel(camera, texture);
  const code = virtualTextureWgsl({ group: 0 }) + `
    const anchor = vec2<i32>(${anchorX}, ${anchorY});
    struct Corner { @builtin(position) position: vec4<f32>, @location(0) offset: vec2<f32> }
    @vertex fn project(
      @location(0) clip: vec3<f32>,
      @location(1) texel: vec2<f32>,
      @location(2) way: vec2<f32>,
    ) -> Corner {
      let offset = vt_offset_from(anchor, vec2<i32>(texel), way);
      return Corner(vec4<f32>(clip.xy, 0.5 * clip.z, clip.z), offset);
    }
    @fragment fn main(corner: Corner) -> @location(0) vec4<f32> {
      return vt_sample_at(anchor, corner.offset, corner.position.xy);
    }`;
  const module = gpu.createShaderModule({ code });
  const pipeline = gpu.createRenderPipeline({
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [texture.binding.layoutWithoutFeedback] }),
    primitive: { topology: "triangle-strip" },
    vertex: {
      module,
      buffers: [{
        arrayStride: 28,
        attributes: [
          { shaderLocation: 0, offset: 0, format: "float32x3" },
          { shaderLocation: 1, offset: 12, format: "float32x2" },
          { shaderLocation: 2, offset: 20, format: "float32x2" },
        ],
      }],
    },
    fragment: { module, targets: [{ format: "rgba8unorm" }] },
  });
  const buffer = gpu.createBuffer({
    size: 4 * vertices.length,
    usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
  });
  gpu.queue.writeBuffer(buffer, 0, new Float32Array(vertices));
  const target = gpu.createTexture({
    size: [width, height],
    format: "rgba8unorm",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, texture.binding.groupWithoutFeedback);
  pass.setVertexBuffer(0, buffer);
  pass.draw(4);
  pass.end();
  submits.submit([encoder.finish()]);
  const batch = new ReadbackBatch(device);
  batch.addTexture(target);
  const [picture] = await batch.read();
  buffer.destroy();
  target.destroy();
  return picture!;
}

// Rasterizers snap corners: lavapipe to 1/256 of a pixel, which is nothing here, SwiftShader to 1/16.
const LARGEST_DIFFERENCE = IS_LAVAPIPE ? 2 : 8;

Deno.test("a mesh whose offsets are made on the GPU looks like a picture of render", async () => {
  const size = 2 ** 20 - 3;
  await withResident(cornerOf(size), async (device, texture) => {
    for (
      const camera of [
        cameraOver([size - 40.3, size - 50.6, 25], [size - 38, size - 47]),
        cameraOver([size - 200, size - 180, 60], [size - 210, size - 150]),
      ]
    ) {
      const drawn = await drawMesh(device, texture, camera);
      const seen = { view: camera.view, projection: camera.projection, ...PICTURE_SIZE };
      const { data } = await render({ device, textures: [texture] }, seen);
      const { most } = difference([drawn], [data]);
      ok(most <= LARGEST_DIFFERENCE, `${most}`);
    }
  });
});
