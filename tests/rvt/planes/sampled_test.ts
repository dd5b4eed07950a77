import assert from "node:assert/strict";
import {
  type ForgeDevice,
  type PlaneCount,
  ReadbackBatch,
  requestDevice,
  virtualTextureWgsl,
} from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/material_type.ts";
import { YCOCG_SCALES, type YcocgScale } from "../../../src/rvt/asset/mod.ts";
import { type PlaneKind, planeTaps, unpackWgsl } from "../../../src/rvt/planes/mod.ts";
import { regionBytes } from "../../../src/texels/mod.ts";
import type { LevelContents } from "../../scene/level_contents.ts";
import { ResidentTexture } from "../../scene/resident_texture.ts";
import { asFilled, type PackedTiles, packTiles, type TileValues } from "./packed_tiles.ts";
import { smoothTile } from "./random_values.ts";
import { unpackTile } from "./round_trip.ts";

const PAYLOAD = 64;
const BORDER = 4;
const EDGE = PAYLOAD + 2 * BORDER;
const HEIGHT_RANGE = [-50, 150] as const;

/** A texture of one packed tile. */
function residentTile(device: ForgeDevice, { formats, tiles }: PackedTiles): ResidentTexture {
  const planes = formats.map((format): LevelContents => ({
    width: PAYLOAD,
    height: PAYLOAD,
    format,
    levels: [new Uint8Array(regionBytes(format, PAYLOAD, PAYLOAD))],
  }));
  return new ResidentTexture(device, {
    contents: planes[0]!,
    morePlanes: planes.slice(1),
    tileSize: PAYLOAD,
    border: BORDER,
    tiles: [{ level: 0, x: 0, y: 0 }],
    makeTile: (contents) => tiles[0]![planes.indexOf(contents)]!,
  });
}

/** Eight numbers of each texel of the payload: all that types have, but the last number of Mask4. */
async function sampleTile(
  device: ForgeDevice,
  texture: ResidentTexture,
  { kind, ycocgScale }: { readonly kind: PlaneKind; readonly ycocgScale: YcocgScale },
): Promise<Float32Array> {
  const { gpu } = device;
  const { formats, binding } = texture;
  const code = virtualTextureWgsl({
    group: 0,
    planes: formats.length as PlaneCount,
    taps: planeTaps(kind, { formats, ycocgScale }),
  }) + unpackWgsl({ ...kind, prefix: "vt_" }) + `
    @group(1) @binding(0) var<storage, read_write> found: array<array<vec4f, 3>>;
    @compute @workgroup_size(8, 8) fn main(@builtin(global_invocation_id) id: vec3u) {
      let uv = (vec2f(id.xy) + 0.5) / ${PAYLOAD}.0;
      let values = vt_unpack(vt_bilinear(uv, 0u), vec2f(${HEIGHT_RANGE}));
      found[id.y * ${PAYLOAD}u + id.x] = array(
        vec4f(values.base_color, values.mask),
        vec4f(values.normal, values.roughness),
        vec4f(values.specular, values.world_height, values.displacement, values.mask4.w));
    }`;
  const visibility = GPUShaderStage.COMPUTE;
  const layout = gpu.createBindGroupLayout({
    entries: [{ binding: 0, visibility, buffer: { type: "storage" } }],
  });
  const pipeline = gpu.createComputePipeline({
    layout: gpu.createPipelineLayout({
      bindGroupLayouts: [binding.layoutWithoutFeedback, layout],
    }),
    compute: { module: gpu.createShaderModule({ code }) },
  });
  const found = gpu.createBuffer({
    size: 48 * PAYLOAD * PAYLOAD,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const entries = [{ binding: 0, resource: { buffer: found } }];
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, binding.groupWithoutFeedback);
  pass.setBindGroup(1, gpu.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(PAYLOAD / 8, PAYLOAD / 8);
  pass.end();
  device.submits.submit([encoder.finish()]);
  const readback = new ReadbackBatch(device);
  readback.addBuffer(found);
  const [bytes] = await readback.read();
  found.destroy();
  return new Float32Array(bytes!.buffer);
}

/** The same numbers from the tile's bytes, on the CPU; heights relative to their range. */
function numbersOf(values: ReturnType<typeof unpackTile>[number]): number[] {
  const { baseColor, mask, normal, roughness, specular, worldHeight, displacement, mask4 } = values;
  return [
    ...[...baseColor, mask[0]!, ...normal, roughness[0]!],
    ...[specular[0]!, worldHeight[0]!, displacement[0]!, mask4[3]!],
  ];
}

/** Share of numbers that are farther off than devices decode blocks differently. */
function shareOff(
  found: Float32Array,
  unpacked: ReturnType<typeof unpackTile>,
  isExact: boolean,
): number {
  let off = 0;
  for (let i = 0; i < PAYLOAD * PAYLOAD; i++) {
    const [x, y] = [i % PAYLOAD + BORDER, Math.floor(i / PAYLOAD) + BORDER];
    for (const [k, wanted] of numbersOf(unpacked[y * EDGE + x]!).entries()) {
      const scale = k === 9 ? 200 : 1;
      // Lavapipe decodes sRGB to about 8 bits. Of blocks, two steps of each channel, and near z = 0
      // much of a normal's z.
      const most = isExact ? 4e-3 : k === 6 ? 0.15 : 0.03;
      if (Math.abs(found[12 * i + k]! - wanted) > most * scale) off++;
    }
  }
  return off / (12 * PAYLOAD * PAYLOAD);
}

for (const compressed of [false, true]) {
  Deno.test(`${compressed ? "compressed" : "uncompressed"} tiles that are packed, sampled and unpacked by shaders are what the CPU makes of their bytes, in every type`, async () => {
    using device = await requestDevice();
    for (const materialType of MATERIAL_TYPE_NAMES) {
      const isYcocg = compressed && materialType.startsWith("ycocg");
      for (const ycocgScale of isYcocg ? YCOCG_SCALES : ["tile"] as const) {
        const kind = { materialType, compressed };
        const heights = materialType === "world_height" ? { heightRange: HEIGHT_RANGE } : {};
        const tile: TileValues = smoothTile(EDGE).map(asFilled);
        const packed = await packTiles(device, {
          ...{ ...kind, ...heights, ycocgScale, slotTexels: EDGE, tiles: [tile], quality: "low" },
        });
        const texture = residentTile(device, packed);
        try {
          const found = await sampleTile(device, texture, { kind, ycocgScale });
          const unpacked = unpackTile(packed, 0, { kind, ...heights });
          const isExact = packed.formats.every((format) => !format.startsWith("bc"));
          const share = shareOff(found, unpacked, isExact);
          const { label } = MATERIAL_TYPES[materialType];
          assert.ok(share < (isExact ? 1e-9 : 2e-3), `${label} ${ycocgScale}: ${share} are off`);
          const moved = [...unpacked.slice(8), ...unpacked.slice(0, 8)];
          const isMoved = shareOff(found, moved, isExact) > 0.005;
          assert.ok(isMoved, `negative control: ${label} moved by eight texels`);
        } finally {
          texture.destroy();
        }
      }
    }
  });
}
