/**
 * A project with everything that projects can hold, and the files that it names.
 *
 * @module
 */

import { join } from "node:path";
import sharp from "sharp";
import type {
  ComponentJson,
  MaterialFunctionJson,
  MaterialInstanceJson,
  MaterialJson,
  ProjectContent,
  SceneJson,
} from "../../../src/rvt/mod.ts";
import { glbFile, triangleJson } from "../component/glb_helpers.ts";

/** Samples along an edge of the landscape. */
export const LAND_SIDE = 9;

/** Writes to the asset `Ground`, and shows what it holds where virtual texturing is supported. */
export const GROUND: MaterialJson = {
  format: "forge3d material",
  version: 1,
  name: "Ground",
  domain: "surface",
  nodes: [
    { kind: "layer_weight", inputs: [], layer: "grass" },
    { kind: "constant", inputs: [], values: [0.3, 0.2, 0.1] },
    { kind: "parameter", inputs: [], parameter: "grass", defaultValues: [0.1, 0.4, 0.1] },
    { kind: "operation", inputs: [1, 2, 0], operation: "lerp" },
    { kind: "input", inputs: [], input: "world_position" },
    {
      kind: "runtime_virtual_texture_sample",
      inputs: [4],
      asset: "Ground",
      materialType: "base_color",
      attribute: "baseColor",
    },
    { kind: "virtual_texture_feature_switch", inputs: [5, 3] },
    { kind: "constant", inputs: [], values: [0.8] },
  ],
  pins: { baseColor: 6, roughness: 7 },
  output: { pins: { baseColor: 3 }, heightRange: null },
};

/** Colours of a picture, tinted by a function. */
export const ROAD: MaterialJson = {
  format: "forge3d material",
  version: 1,
  name: "Road",
  domain: "virtual_texture",
  nodes: [
    { kind: "input", inputs: [], input: "texture_coordinate" },
    { kind: "texture_sample", inputs: [0], texture: "stones", parameter: "picture" },
    { kind: "component_mask", inputs: [1], channels: "xyz" },
    {
      kind: "function_call",
      inputs: [2],
      function: "Tint",
      inputNames: ["color"],
      output: "tinted",
    },
  ],
  pins: {},
  output: { pins: { baseColor: 3 }, heightRange: [-100, 100] },
};

/** Multiplies a colour. */
export const TINT: MaterialFunctionJson = {
  format: "forge3d material function",
  version: 1,
  name: "Tint",
  inputs: { color: 3 },
  nodes: [
    { kind: "function_input", inputs: [], input: "color" },
    { kind: "constant", inputs: [], values: [0.9, 0.8, 0.7] },
    { kind: "operation", inputs: [0, 1], operation: "multiply", name: "tint" },
  ],
  outputs: { tinted: 2 },
};

/** Greener ground. */
export const MEADOW: MaterialInstanceJson = {
  format: "forge3d material instance",
  version: 1,
  name: "Meadow",
  parent: "Ground",
  numbers: { grass: [0.05, 0.6, 0.05] },
  textures: {},
  runtimeVirtualTextures: {},
};

const GROUND_ONLY = ["Ground"];

/** One component of each kind. */
export const COMPONENTS: readonly ComponentJson[] = [
  {
    kind: "landscape",
    name: "Hills",
    material: "Meadow",
    renderToVirtualTextures: GROUND_ONLY,
    transform: { position: [-4, -4, 0] },
    picture: { file: "pictures/heights.png", scale: 0.00002, offset: -0.5 },
    layers: { grass: { file: "pictures/grass.png", channel: "r" } },
    sectionQuads: 4,
  },
  {
    kind: "landscape_spline",
    name: "Road",
    material: "Road",
    renderToVirtualTextures: GROUND_ONLY,
    translucencySortPriority: 1,
    drawInMainPass: "never",
    landscape: "Hills",
    landscapeOffset: 0.01,
    points: [{ position: [-3, -3, 0], width: 1 }, { position: [3, 2, 0], width: 1.5 }],
    quadsAlong: 4,
  },
  {
    kind: "static_mesh",
    name: "Flag",
    material: "Ground",
    mesh: { file: "meshes/flag.glb", name: "flag" },
    drawInMainPass: "always",
  },
  {
    kind: "instanced_static_mesh",
    name: "Slabs",
    material: "Road",
    renderToVirtualTextures: GROUND_ONLY,
    translucencySortPriority: 2,
    mesh: { shape: "box", size: [0.5, 0.5, 0.1] },
    instances: [{ position: [1, 1, 0] }, { position: [-1, 1, 0], scale: [2, 1, 1] }],
  },
  {
    kind: "foliage",
    name: "Leaves",
    material: "Road",
    renderToVirtualTextures: GROUND_ONLY,
    translucencySortPriority: 3,
    scatter: {
      seed: 7,
      region: { min: [-3, -3], max: [3, 3] },
      count: 12,
      scaleRange: [0.2, 0.4],
      onto: "Hills",
      alignToSurface: true,
    },
  },
  {
    kind: "decal",
    name: "Spot",
    material: "Road",
    renderToVirtualTextures: GROUND_ONLY,
    translucencySortPriority: 4,
    size: [0.5, 0.75],
    transform: { position: [2, -2, 0] },
    virtualTextureMinCoverage: 1.5,
  },
  { kind: "skeletal_mesh", material: "Ground", mesh: { shape: "plane", quads: [2, 2] } },
  { kind: "animated_mesh", material: "Ground", frames: [{ shape: "plane" }, { shape: "box" }] },
];

/** The scene of {@linkcode sampleContent}. */
export const MAIN: SceneJson = {
  name: "Main",
  options: { mode: "editor", seed: 3 },
  camera: { position: [0, -8, 8], target: [0, 0, 0] },
  volumes: [{ name: "Land", asset: "Ground", boundsFrom: "Hills", expandBounds: 0.5 }],
  components: COMPONENTS,
};

/** A project with everything. */
export function sampleContent(): ProjectContent {
  return structuredClone({
    name: "Sample",
    textures: [{ name: "stones", file: "pictures/stones.png", addressing: "clamp" }],
    streamedTextures: [
      { name: "map", file: "pictures/map.png", colorSpace: "linear", wrap: ["repeat", "clamp"] },
    ],
    assets: [
      {
        name: "Ground",
        materialType: "base_color",
        sizeInTilesLog2: 1,
        tileSize: 64,
        compressTextures: false,
      },
      { name: "Heights", materialType: "world_height", sizeInTilesLog2: 1, tileSize: 64 },
    ],
    materialFunctions: [TINT],
    materials: [GROUND, MEADOW, ROAD],
    scenes: [MAIN],
    pools: { pools: [{ formats: ["rgba8unorm-srgb"], sizeMb: 16 }], defaultSizeMb: 32 },
    scalability: { low: { "r.VT.MaxUploadsPerFrame": 2 }, high: {} },
  }) as ProjectContent;
}

/** Files of JSON by name: `project.json`, and one for each element but the textures. */
export function sampleFiles(content: ProjectContent = sampleContent()): Map<string, unknown> {
  const files = new Map<string, unknown>();
  const listed = (folder: string, elements: readonly { readonly name: string }[]) =>
    elements.map((element) => {
      const file = `${folder}/${element.name.toLowerCase()}.json`;
      files.set(file, element);
      return file;
    });
  const { name, textures, streamedTextures, pools, scalability } = content;
  files.set("project.json", {
    format: "forge3d project",
    version: 1,
    name,
    textures,
    streamedTextures,
    assets: listed("assets", content.assets),
    materialFunctions: listed("functions", content.materialFunctions),
    materials: listed("materials", content.materials),
    scenes: listed("scenes", content.scenes),
    pools,
    scalability,
  });
  return files;
}

/** Writes files of JSON, formatted as nobody else would. */
export async function writeJsonFiles(
  folder: string,
  files: ReadonlyMap<string, unknown>,
  { indent = 3 }: { readonly indent?: number } = {},
): Promise<void> {
  for (const [file, value] of files) {
    const path = join(folder, file);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, `${JSON.stringify(value, null, indent)}\r\n\n`);
  }
}

/** Writes the pictures and meshes that the project names. */
export async function writeInputs(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "pictures"), { recursive: true });
  await Deno.mkdir(join(folder, "meshes"), { recursive: true });
  const size = { width: LAND_SIDE, height: LAND_SIDE };
  const count = LAND_SIDE * LAND_SIDE;
  const grey = (values: Uint8Array | Uint16Array) =>
    sharp(values, { raw: { ...size, channels: 1 } })
      .toColourspace(values instanceof Uint16Array ? "grey16" : "b-w").png();
  const heights = Uint16Array.from({ length: count }, (_, i) => (i * 7919) % 65536);
  await grey(heights).toFile(join(folder, "pictures/heights.png"));
  const weights = Uint8Array.from({ length: count }, (_, i) => (i * 31) % 256);
  await grey(weights).toFile(join(folder, "pictures/grass.png"));
  const colors = Uint8Array.from({ length: 3 * count }, (_, i) => (i * 53) % 256);
  const picture = sharp(colors, { raw: { ...size, channels: 3 } }).png();
  await picture.toFile(join(folder, "pictures/stones.png"));
  await picture.toFile(join(folder, "pictures/map.png"));
  await Deno.writeFile(join(folder, "meshes/flag.glb"), glbFile(triangleJson()));
}

/** Writes the whole project. */
export async function writeSample(
  folder: string,
  files: ReadonlyMap<string, unknown> = sampleFiles(),
): Promise<void> {
  await writeJsonFiles(folder, files);
  await writeInputs(folder);
}
