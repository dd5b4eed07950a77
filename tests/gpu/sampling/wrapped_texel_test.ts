/**
 * Where coordinates lie in a texture that repeats, on the GPU, against exact arithmetic.
 *
 * @module
 */

import { ok } from "node:assert/strict";
import { ReadbackBatch, requestDevice, virtualTextureWgsl } from "../../../src/gpu/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

/** Powers of 2 and not, from one texel to the largest there is. */
const SIZES = [1, 2, 3, 7, 64, 1000, 21600, 65535, 2 ** 17, 1048573, 2 ** 20];

/** A place along an axis: a texel and an offset, of a texture of a size. */
interface Place {
  readonly size: number;
  readonly texel: number;
  readonly offset: number;
}

/** Near the edges of periods and anywhere, with offsets that are short and long. */
function places(): Place[] {
  const random = seededRandom(5);
  return SIZES.flatMap((size) =>
    Array.from({ length: 300 }, (_, i) => {
      const turns = Math.floor((2 * random() - 1) * Math.min(3, 2 ** 20 / size));
      const texel = i % 2 === 0
        ? turns * size + Math.floor(5 * random()) - 2
        : Math.floor((2 * random() - 1) * 2 ** 20);
      const reach = [1, 50, 4096][i % 3]!;
      return { size, texel, offset: Math.fround((2 * random() - 1) * reach) };
    })
  );
}

function codeOf(tamper: (code: string) => string): string {
  return tamper(virtualTextureWgsl({ group: 1 })) + `
    struct Place { size: i32, texel: i32, offset: f32, padding: f32 }
    struct Found { texel: i32, fraction: f32 }
    @group(0) @binding(0) var<storage, read> places: array<Place>;
    @group(0) @binding(1) var<storage, read_write> found: array<Found>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      if (id.x >= arrayLength(&places)) {
        return;
      }
      let place = places[id.x];
      let shape = vt_Shape(vec2(place.size), 20, 6u, 4, 10u, vec3(0.0), vec2(true), vec2(false));
      let coordinate = vt_Coordinate(vec2(place.texel), vec2(place.offset), true);
      let at = vt_texel_at(coordinate, shape);
      found[id.x] = Found(at.texel.x, at.fraction.x);
    }`;
}

/** How far places are found from where they are, round the edges, in texels: the largest distance. */
async function largestError(tamper: (code: string) => string = (code) => code): Promise<number> {
  using device = await requestDevice();
  const { gpu } = device;
  const all = places();
  const input = new ArrayBuffer(16 * all.length);
  const [integers, floats] = [new Int32Array(input), new Float32Array(input)];
  for (const [i, { size, texel, offset }] of all.entries()) {
    integers.set([size, texel], 4 * i);
    floats[4 * i + 2] = offset;
  }
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const from = gpu.createBuffer({ size: input.byteLength, usage: STORAGE | COPY_DST });
  const to = gpu.createBuffer({ size: 8 * all.length, usage: STORAGE | COPY_SRC });
  gpu.queue.writeBuffer(from, 0, input);
  const module = gpu.createShaderModule({ code: codeOf(tamper) });
  const pipeline = gpu.createComputePipeline({ layout: "auto", compute: { module } });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: from } }, {
        binding: 1,
        resource: { buffer: to },
      }],
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(all.length / 64));
  pass.end();
  device.submits.submit([encoder.finish()]);
  const batch = new ReadbackBatch(device);
  batch.addBuffer(to);
  const [{ buffer: bytes }] = await batch.read() as [Uint8Array<ArrayBuffer>];
  from.destroy();
  to.destroy();
  const [texels, fractions] = [new Int32Array(bytes), new Float32Array(bytes)];
  const errors = all.map(({ size, texel, offset }, i) => {
    const inside = (at: number) => ((at % size) + size) % size;
    const [column, fraction] = [texels[2 * i]!, fractions[2 * i + 1]!];
    ok(column >= 0 && column < size && fraction >= 0 && fraction <= 1, "it lies in the texture");
    const away = inside(column + fraction - inside(texel + offset));
    return Math.min(away, size - away);
  });
  return Math.max(...errors);
}

Deno.test("places up to 2^20 texels outside are found exactly, whatever the size", async () => {
  const error = await largestError();
  ok(error <= 2 ** -10, `${error} texels off`);
});

/** Ways to find whole periods that lose bits. */
const FAULTS = {
  "the whole way from before the texture is added to short offsets": [
    "round(periods)",
    "floor(periods)",
  ],
  "quotients of a texel's corner are rounded to the wrong side": [
    "(vec2<f32>(beyond) + 0.5) * per_texel",
    "(vec2<f32>(beyond) * (1.0 + 0x1p-20)) * per_texel",
  ],
} as const;

for (const [fault, [right, wrong]] of Object.entries(FAULTS)) {
  Deno.test(`negative control: ${fault}`, async () => {
    const error = await largestError((code) => {
      ok(code.includes(right), `the shader no longer has: ${right}`);
      return code.replace(right, wrong);
    });
    ok(error > 0.02, `${error} texels off`);
  });
}
