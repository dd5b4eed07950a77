import { deepEqual, equal, ok, throws } from "node:assert/strict";
import {
  FEEDBACK_CELL_PIXELS,
  feedbackPixel,
  requestDevice,
  slotFramesBytes,
  slotFramesHeader,
  VIRTUAL_TEXTURE_PARAMS_BYTES,
  VirtualTextureParams,
  virtualTextureWgsl,
  type VirtualTextureWgslOptions,
} from "../../../src/gpu/mod.ts";
import type { Orientation } from "../../../src/texels/mod.ts";
import { MAX_VIRTUAL_SIZE, TileGrid, type Wrap } from "../../../src/tiles/mod.ts";

function fragment(...prefixes: string[]): string {
  const samples = prefixes.map((prefix) => `${prefix}sample(uv, at.xy)`).join(" + ");
  return `
    @fragment fn main(@builtin(position) at: vec4f, @location(0) uv: vec2f) -> @location(0) vec4f {
      return ${samples};
    }`;
}

/** Samples any number of planes at both kinds of coordinate. */
function fragmentOfTexels(planes: number): string {
  return `
    @fragment fn main(@builtin(position) at: vec4f, @location(0) uv: vec2f) -> @location(0) vec4f {
      let texels: vt_Texels = 0.5 * vt_sample(uv, at.xy) +
        0.5 * vt_sample_at(vec2(3, 4), uv, at.xy);
      return ${planes === 1 ? "texels" : `texels[${planes - 1}]`} +
        vt_debug_level(uv, at.xy) + vt_debug_level_at(vec2(3, 4), uv, at.xy);
    }`;
}

/** Every message of the compiler. */
async function messagesOf(codes: readonly string[]): Promise<string[]> {
  using device = await requestDevice();
  const messages: string[] = [];
  for (const code of codes) {
    const module = device.gpu.createShaderModule({ code });
    for (const { message } of (await module.getCompilationInfo()).messages) messages.push(message);
  }
  return messages;
}

Deno.test("every variant compiles", async () => {
  const codes: string[] = [];
  for (const filter of ["bilinear", "trilinear", "anisotropic"] as const) {
    for (const fade of [false, true]) {
      for (const feedback of [false, true]) {
        for (const planes of [1, 2, 3] as const) {
          const options: VirtualTextureWgslOptions = { group: 1, filter, fade, feedback, planes };
          codes.push(virtualTextureWgsl(options) + fragmentOfTexels(planes));
        }
      }
    }
  }
  deepEqual(await messagesOf(codes), []);
});

Deno.test("the examples of the documentation compile", async () => {
  const path = new URL("../../../src/gpu/sampling/virtual_texture_wgsl.ts", import.meta.url);
  const source = await Deno.readTextFile(path);
  const codes = [...source.matchAll(/^ \* const code = (.+?`);?;$/gms)].map(([, expression]) =>
    new Function("virtualTextureWgsl", `return ${expression!.replace(/^ \* ?/gm, "")}`)(
      virtualTextureWgsl,
    )
  );
  equal(codes.length, 2);
  deepEqual(await messagesOf(codes), []);
});

Deno.test("one shader can sample several virtual textures, with feedback shared or one for each", async () => {
  const color = virtualTextureWgsl({ group: 0, prefix: "color_", feedback: true });
  const normal = { group: 0, firstBinding: 6, prefix: "normal_" } as const;
  const plain = virtualTextureWgsl({ group: 1, feedback: true });
  deepEqual(
    await messagesOf([
      color + virtualTextureWgsl({ ...normal, feedback: "color_" }) + fragment("color_", "normal_"),
      color + virtualTextureWgsl({ ...normal, feedback: true }) + fragment("color_", "normal_"),
      plain + virtualTextureWgsl({ ...normal, feedback: "vt_" }) + fragment("vt_", "normal_"),
    ]),
    [],
  );
});

Deno.test("bindings follow each other from the first one on", () => {
  const code = virtualTextureWgsl({ group: 3, firstBinding: 10, prefix: "my_", feedback: true });
  const found = [...code.matchAll(/@group\((\d+)\) @binding\((\d+)\) var(?:<[^>]*>)? (\w+)/g)];
  deepEqual(
    found.map(([, group, binding, name]) => [group, binding, name]).sort(),
    [
      ["3", "10", "my_params"],
      ["3", "11", "my_page_table"],
      ["3", "12", "my_atlas"],
      ["3", "13", "my_sampler"],
      ["3", "14", "my_slot_frames"],
      ["3", "15", "my_feedback"],
    ],
  );
  ok(!/\bvt_|\bVt|\bVT_/.test(code.replace(/\/\/.*/g, "")));
});

Deno.test("documented functions keep their names and arguments", () => {
  const code = virtualTextureWgsl({ group: 0 }).replace(/\s+/g, " ");
  ok(code.includes(
    "fn sample_virtual_texture( virtual_coords: vec2<f32>, mip_level: f32, " +
      "page_table: texture_2d<u32>, atlas_texture: texture_2d_array<f32>, " +
      "atlas_sampler: sampler, ) -> vec4<f32>",
  ));
  ok(code.includes("fn unpack_atlas_coords(page_entry: vec4<u32>) -> vec3<u32>"));
});

Deno.test("prefixes and numbers that would not compile are refused", () => {
  for (const prefix of ["", "1a", "a-b", "__a"]) {
    throws(() => virtualTextureWgsl({ group: 0, prefix }), /beginning of an identifier/);
    throws(() => virtualTextureWgsl({ group: 0, feedback: prefix }), RangeError);
  }
  throws(() => virtualTextureWgsl({ group: -1 }), /group must be an integer/);
  throws(() => virtualTextureWgsl({ group: 0, firstBinding: 0.5 }), RangeError);
  throws(() => virtualTextureWgsl({ group: "1" as unknown as number }), TypeError);
  throws(() => virtualTextureWgsl({ group: 0, filter: "cubic" as "bilinear" }), RangeError);
  throws(() => virtualTextureWgsl({ group: 0, filter: 3 as unknown as "bilinear" }), TypeError);
  throws(
    () => virtualTextureWgsl({ group: 0, plane: 1 } as VirtualTextureWgslOptions),
    /no option plane/,
  );
});

Deno.test("bindings of further planes come after the feedback's number, with or without feedback", () => {
  for (const feedback of [false, true]) {
    const code = virtualTextureWgsl({ group: 2, firstBinding: 10, feedback, planes: 3 });
    const numbers = [...code.matchAll(/@binding\((\d+)\) var(?:<[^>]*>)? vt_(\w+)/g)]
      .filter(([, , name]) => name!.startsWith("atlas_"))
      .map(([, binding, name]) => [binding, name]);
    deepEqual(numbers, [["16", "atlas_1"], ["17", "atlas_2"]]);
  }
});

Deno.test("the head of the slots' frames holds the frame and its pixel", () => {
  deepEqual([...slotFramesHeader(77)], [77, feedbackPixel(77)]);
  equal(slotFramesBytes(10), 8 + 40);
  equal(slotFramesBytes(0), 8 + 4);
});

Deno.test("64 frames visit each pixel of a cell once, four frames each of its quarters", () => {
  const pixels = Array.from({ length: FEEDBACK_CELL_PIXELS }, (_, frame) => feedbackPixel(frame));
  equal(new Set(pixels).size, FEEDBACK_CELL_PIXELS);
  for (let frame = 0; frame < 64; frame += 4) {
    const quarters = pixels.slice(frame, frame + 4).map((p) => (p & 4) + 2 * ((p >> 3) & 4));
    equal(new Set(quarters).size, 4);
  }
  equal(feedbackPixel(64 + 5), feedbackPixel(5));
  ok(feedbackPixel(2 ** 32 - 1) < 64);
});

Deno.test("the uniform has room for the largest texture, and clamps settings", () => {
  const grid = new TileGrid(MAX_VIRTUAL_SIZE, 3, 256);
  const params = new VirtualTextureParams(grid, { border: 4, tableShift: 11, feedbackBase: 77 });
  params.setSettings({ lodBias: 2, maxAnisotropy: 99, fadeFrames: -1 });
  const words = new Uint32Array(params.bytes);
  const floats = new Float32Array(params.bytes);
  equal(params.bytes.byteLength, VIRTUAL_TEXTURE_PARAMS_BYTES);
  equal(words[0], MAX_VIRTUAL_SIZE - 1 + 2 ** 20 * 8 + 2 ** 28 * 11);
  equal(words[1], 2 + 2 ** 20 * 20 + 2 ** 25 * 4);
  deepEqual([...floats.subarray(2, 5)], [4, 16, 1]);
  equal(params.setSettings({ lodBias: 2, maxAnisotropy: 16 }), false);
  equal(params.setSettings({ lodBias: 2, maxAnisotropy: 15 }), true);
  equal(params.setSettings({ lodBias: 2, maxAnisotropy: 15, fadeFrames: 3 }), true);
  equal(params.setSettings({ lodBias: 2, maxAnisotropy: 15, fadeFrames: 3 }), false);
  equal(params.setSettings({}), true);
  equal(words[5], 77);
  equal(words[8 + 4 * 20], grid.level(20).firstTile);
});

Deno.test("a plane's opacity has a bit of its own", () => {
  const grid = new TileGrid(8, 8, 8);
  const bits = (opaque: boolean | readonly boolean[]) => {
    const { bytes } = new VirtualTextureParams(grid, {
      border: 4,
      tableShift: 0,
      feedbackBase: 0,
      opaque,
    });
    return (new Uint32Array(bytes)[0]! >> 24) & 7;
  };
  deepEqual([false, true, [true], [false, true], [false, false, true]].map(bits), [0, 7, 1, 2, 4]);
});

Deno.test("an axis that repeats or is flipped has a bit of its own, beside all others", () => {
  const grid = new TileGrid(MAX_VIRTUAL_SIZE, MAX_VIRTUAL_SIZE, 8);
  const most = { border: 15, tableShift: 15, feedbackBase: 0, opaque: true };
  const words = (
    wrap: Wrap,
  ) => [...new Uint32Array(new VirtualTextureParams(grid, { ...most, wrap }).bytes, 0, 2)];
  const [u, v] = words("clamp") as [number, number];
  const [onU, onV] = [u + 2 ** 27, v + 2 ** 31];
  deepEqual(words("repeat"), [onU, onV]);
  deepEqual(words(["repeat", "clamp"]), [onU, v]);
  deepEqual(words(["clamp", "repeat"]), [u, onV]);
  const flipped = (orientation: Orientation) =>
    new Uint32Array(
      new VirtualTextureParams(grid, { ...most, appearance: { orientation } }).bytes,
    )[1];
  deepEqual(["rd", "ld", "ru", "lu"].map((orientation) => flipped(orientation as Orientation)), [
    v,
    v + 2 ** 29,
    v + 2 ** 30,
    v + 2 ** 29 + 2 ** 30,
  ]);
});

Deno.test("values that do not fit the uniform are refused", () => {
  const layout = { border: 4, tableShift: 11, feedbackBase: 0 };
  const grid = new TileGrid(1000, 1000, 64);
  throws(() => new VirtualTextureParams(new TileGrid(1000, 1000, 100), layout), /tileSize/);
  throws(() => new VirtualTextureParams(grid, { ...layout, border: 16 }), /border/);
  throws(() => new VirtualTextureParams(grid, { ...layout, tableShift: 16 }), /tableShift/);
});
