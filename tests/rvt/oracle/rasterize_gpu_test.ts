import assert from "node:assert/strict";
import { type ForgeDevice, ReadbackBatch, requestDevice } from "../../../src/gpu/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { DEFAULT_TOLERANCES } from "./compose_tile.ts";
import { type Place, rasterizeTriangle } from "./rasterize.ts";

const SIZE = 64;

type Triangle = readonly [Place, Place, Place];

const CODE = `
struct Corner { @builtin(position) at: vec4f, @location(0) weights: vec3f }
@vertex fn corner(@location(0) texel: vec2f, @builtin(vertex_index) i: u32) -> Corner {
  let at = texel / ${SIZE / 2}.0 - 1.0;
  let weights = vec3f(f32(i == 0u), f32(i == 1u), f32(i == 2u));
  return Corner(vec4f(at.x, -at.y, 0.0, 1.0), weights);
}
@fragment fn shade(corner: Corner) -> @location(0) vec4f {
  return vec4f(corner.weights, 1.0);
}`;

/** The weights of the corners at each texel that the GPU covers, and 1; zeros elsewhere. */
async function drawn(device: ForgeDevice, triangle: Triangle): Promise<Float32Array> {
  const { gpu } = device;
  const module = gpu.createShaderModule({ code: CODE });
  const attributes = [{ format: "float32x2", offset: 0, shaderLocation: 0 }] as const;
  const pipeline = gpu.createRenderPipeline({
    layout: "auto",
    vertex: {
      module,
      entryPoint: "corner",
      buffers: [{ arrayStride: 8, attributes: [...attributes] }],
    },
    fragment: { module, entryPoint: "shade", targets: [{ format: "rgba32float" }] },
  });
  const target = gpu.createTexture({
    size: [SIZE, SIZE],
    format: "rgba32float",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const usage = GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST;
  const vertices = gpu.createBuffer({ size: 24, usage });
  gpu.queue.writeBuffer(vertices, 0, Float32Array.from(triangle.flat()));
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setVertexBuffer(0, vertices);
  pass.draw(3);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addTexture(target);
  const [bytes] = await readback.read();
  target.destroy();
  vertices.destroy();
  return new Float32Array(bytes!.buffer, bytes!.byteOffset, 4 * SIZE * SIZE);
}

/** The same by the oracle, and which texels lie near an edge. */
function expected(triangle: Triangle, edgeTexels: number) {
  const weights = new Float32Array(4 * SIZE * SIZE);
  const near = new Uint8Array(SIZE * SIZE);
  rasterizeTriangle(triangle, {
    raster: { width: SIZE, height: SIZE, edgeTexels },
    visitor: {
      cover: (column, row, corners) => weights.set([...corners, 1], 4 * (row * SIZE + column)),
      nearEdge: (column, row) => near[row * SIZE + column] = 1,
    },
  });
  return { weights, near };
}

/** Corners are multiples of a step, up to some texels outside of the target. */
function randomTriangle(random: () => number, step: number, outside = 0): Triangle {
  const part = () => Math.round((random() * (SIZE + 2 * outside) - outside) / step) * step;
  return [[part(), part()], [part(), part()], [part(), part()]];
}

/** Texels of which one covers and the other does not, those near an edge left out. */
function differing(actual: Float32Array, { weights, near }: ReturnType<typeof expected>): number {
  return near.reduce(
    (count, isNear, k) => count + (!isNear && actual[4 * k + 3] !== weights[4 * k + 3] ? 1 : 0),
    0,
  );
}

// Corners outside of the target may be clipped, and what that makes of them is not exact.
Deno.test("where corners are exact, the GPU covers what the oracle does, on edges too", async () => {
  using device = await requestDevice();
  const random = seededRandom(1);
  let onEdges = 0;
  for (let run = 0; run < 30; run++) {
    const triangle = randomTriangle(random, 0.5);
    const result = expected(triangle, 0);
    result.near.forEach((isNear) => onEdges += isNear);
    // A radius of 0 finds the centres on an edge: they have to agree as well.
    const all = { ...result, near: new Uint8Array(SIZE * SIZE) };
    assert.equal(differing(await drawn(device, triangle), all), 0, `run ${run}: ${triangle}`);
  }
  assert.ok(onEdges > 20, `${onEdges}`);
});

Deno.test("elsewhere it does so at the default distance from edges, and interpolates the same", async () => {
  using device = await requestDevice();
  const random = seededRandom(2);
  for (let run = 0; run < 30; run++) {
    const triangle = randomTriangle(random, 1e-6, 6);
    const actual = await drawn(device, triangle);
    const result = expected(triangle, DEFAULT_TOLERANCES.edgeTexels);
    assert.equal(differing(actual, result), 0, `run ${run}: ${triangle}`);
    const [[ax, ay], [bx, by], [cx, cy]] = triangle;
    const area = Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
    const longest = Math.max(
      Math.hypot(bx - ax, by - ay),
      Math.hypot(cx - bx, cy - by),
      Math.hypot(ax - cx, ay - cy),
    );
    // A weight rises by an edge over twice the area for each texel, and corners move by 1/256.
    const bound = longest / area / 128 + 1e-4;
    result.weights.forEach((weight, k) => {
      if (result.near[k >> 2] || result.weights[4 * (k >> 2) + 3] === 0) return;
      assert.ok(Math.abs(weight - actual[k]!) <= bound, `run ${run}: ${weight} ${actual[k]}`);
    });
  }
});

Deno.test("negative control: a triangle moved by a tenth of a texel covers other texels", async () => {
  using device = await requestDevice();
  const [a, b, c] = randomTriangle(seededRandom(3), 0.5);
  const moved: Triangle = [[a[0] + 0.1, a[1]], [b[0] + 0.1, b[1]], [c[0] + 0.1, c[1]]];
  const result = expected([a, b, c], DEFAULT_TOLERANCES.edgeTexels);
  assert.ok(differing(await drawn(device, moved), result) > 0);
});
