/**
 * Options of runtime virtual textures, their scenes and what stands in them.
 *
 * @module
 */

import { boxMesh, gridMesh, makeMesh, planeMesh } from "../../src/geometry/mod.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  expressions,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  Material,
  MaterialInstance,
  MaterialTexture,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  runtimeVirtualTextureWgsl,
  type SampleRegion,
  scatterTransforms,
  simplifyMesh,
  SkeletalMeshComponent,
  type SplinePointOptions,
  StaticMeshComponent,
  VirtualTextureConsole,
} from "../../src/rvt/mod.ts";
import { renderScene } from "../../src/scene/mod.ts";
import type { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../streaming/cameras.ts";
import { loadEntries } from "./load_options.ts";
import { LOW_MIP_RULES, lowMipEntries } from "./low_mip_calls.ts";
import { choice, type Entry, number, type Rule, typed, vector } from "./option_rules.ts";
import { CONSOLE_RULES, flag, SCENE_RULES } from "./scene_rules.ts";

const SIGNAL = typed("signal", {}, "stop", 0);
const BOUNDS = { min: [0, 0, 0], max: [1, 1, 1] } as const;
const POINTS = [{ position: [0, 0, 0], width: 1 }, { position: [9, 9, 0], width: 1 }];
const SCATTER = { seed: 1, region: { min: [0, 0], max: [9, 9] } };
const HEIGHTS = { width: 3, height: 3, heights: new Float32Array(9) };
const TEXELS = { name: "grass", width: 1, height: 1, texels: Uint8Array.of(1, 2, 3, 4) };
const PLACE_RULES = [vector("position", 3), vector("rotation", 4), vector("scale", 3)];

const ASSET_RULES: readonly Rule[] = [
  choice("materialType", "base_color, ", "mask4"),
  number("sizeInTilesLog2", [-1, 13, 0.5], "from 0 to 12"),
  number("tileSize", [32, 2048, 100], "a power of 2 from 64 to 1024"),
  number("tileBorder", [-1, 1, 10], "0, 2, 4, 6, 8"),
  flag("compressTextures"),
  choice("compressionQuality", "low, medium, high"),
  choice("ycocgScale", "block, tile"),
  flag("clearBeforeRender"),
  flag("continuousUpdate"),
  number("removeLowMips", [-1, 13], "from 0 to 12"),
  choice("customPriority", "normal"),
];

const VOLUME_RULES: readonly Rule[] = [
  ...PLACE_RULES,
  number("expandBounds", [-1], ">= 0"),
  flag("snapBoundsToLandscape"),
  flag("hidePrimitivesInEditor"),
  flag("hidePrimitivesInGame"),
  number("scalabilityGroup", [-1, 0.5, 2 ** 31], "from 0 to 2147483647"),
  number("tileCountBias", [-13, 13, 0.5], "from -12 to 12"),
  ...LOW_MIP_RULES,
];

const COMPONENT_RULES: readonly Rule[] = [
  typed("name", {}),
  typed("material", {}, "grass", null),
  typed("transform", "here", [1, 2, 3]),
  typed("renderToVirtualTextures", {}, [{}], "ground", ["ground"]),
  choice("drawInMainPass", "never, from_virtual_texture, always"),
  number("virtualTextureLodBias", [-17, 17, 0.5], "from -16 to 16"),
  number("virtualTextureSkipMips", [-1, 21, 0.5], "from 0 to 20"),
  number("virtualTextureMinCoverage", [-1, 21], "from 0 to 20"),
  number("translucencySortPriority", [2 ** 31, 0.5], "from -2147483648 to 2147483647"),
  choice("mobility", "static, movable"),
];

const SCATTER_RULES: readonly Rule[] = [
  number("seed", [-1, 0.5, 2 ** 32], "from 0 to 4294967295"),
  number("minDistance", [-1], ">= 0"),
  vector("scaleRange", 2),
  vector("yawRange", 2),
  { name: "scaleRange", wrong: [], impossible: [[0, 1], [2, 1]], says: [] },
  typed("onto", {}, "land"),
  flag("alignToSurface"),
];

/** Every call that takes options, with a scene of the system. */
export function runtimeEntries(
  system: VirtualTextureSystem,
  scene: RuntimeVirtualTextureScene,
): readonly Entry[] {
  const asset = new RuntimeVirtualTexture();
  const volume = new RuntimeVirtualTextureVolume(asset);
  const camera = lookDown(100, 100, heightOfLevel(0));
  return [
    {
      entry: "new RuntimeVirtualTexture",
      call: (options) => new RuntimeVirtualTexture(options),
      rules: [...ASSET_RULES, typed("name", {})],
    },
    {
      entry: "RuntimeVirtualTexture.change",
      call: (options) => asset.change(options),
      rules: ASSET_RULES,
    },
    {
      entry: "new RuntimeVirtualTextureVolume",
      call: (options) => new RuntimeVirtualTextureVolume(asset, options),
      rules: [...VOLUME_RULES, typed("name", {})],
    },
    {
      entry: "RuntimeVirtualTextureVolume.change",
      call: (options) => volume.change(options),
      rules: VOLUME_RULES,
    },
    {
      entry: "new RuntimeVirtualTextureScene",
      call: (options) => new RuntimeVirtualTextureScene(system, options),
      rules: SCENE_RULES,
    },
    {
      entry: "RuntimeVirtualTextureScene.change",
      call: (options) => scene.change(options),
      rules: SCENE_RULES,
    },
    {
      entry: "new VirtualTextureConsole",
      call: (options) => new VirtualTextureConsole(scene, options),
      rules: CONSOLE_RULES,
    },
    {
      entry: "RuntimeVirtualTextureScene.invalidate",
      call: ({ priority }) => scene.invalidate(BOUNDS, priority as "high"),
      rules: [choice("priority", "normal, high")],
      isOpen: true,
    },
    {
      entry: "RuntimeVirtualTextureScene.requestPreload",
      call: (options) => scene.requestPreload(BOUNDS, 0, options),
      rules: [SIGNAL],
    },
    {
      entry: "renderScene's camera",
      call: (options) => renderScene(scene, { ...camera, ...options }),
      rules: [
        number("width", [0, -1, 2.5, 1e6], "an integer from 1 to"),
        number("height", [0, 1e6], "an integer from 1 to"),
        vector("view", 16),
        vector("projection", 16),
        vector("position", 3),
        { name: "view", wrong: [], impossible: [new Array(16).fill(0)], says: ["inverse"] },
        { name: "projection", wrong: [], impossible: [new Array(16).fill(0)], says: ["inverse"] },
      ],
      isOpen: true,
    },
    {
      entry: "renderScene",
      call: (options) => renderScene(scene, camera, options),
      rules: [
        vector("towardsLight", 3),
        { name: "towardsLight", wrong: [], impossible: [[0, 0, 0]], says: ["length above 0"] },
        vector("lightColor", 3),
        { name: "lightColor", wrong: [], impossible: [[1, -1, 1]], says: [">= 0"] },
        vector("background", 4),
        flag("feedback"),
        SIGNAL,
      ],
    },
    ...samplingEntries(),
    ...materialEntries(),
    ...componentEntries(),
    ...meshEntries(),
    ...loadEntries(),
    ...lowMipEntries(scene),
  ];
}

function samplingEntries(): Entry[] {
  const sampled = {
    materialType: "base_color",
    compressed: false,
    formats: ["rgba8unorm-srgb"],
  } as const;
  return [{
    entry: "runtimeVirtualTextureWgsl",
    call: (options) => runtimeVirtualTextureWgsl(sampled, { group: 0, ...options }),
    rules: [
      number("group", [-1, 0.5], "an integer >= 0"),
      number("firstBinding", [-1, 0.5], "an integer >= 0"),
      choice("filter", "trilinear"),
      { name: "feedback", wrong: [1, {}], impossible: [], says: [] },
      { name: "prefix", wrong: [7, {}], impossible: ["1a", "__a", "a b"], says: ["identifier"] },
    ],
  }];
}

function materialEntries(): Entry[] {
  const material = new Material({ name: "soil" });
  const texture = new MaterialTexture(TEXELS);
  const asset = new RuntimeVirtualTexture();
  const { noise, customWgsl, runtimeVirtualTextureSample, textureSample } = expressions;
  return [
    {
      entry: "new Material",
      call: (options) => new Material({ name: "soil", ...options }),
      rules: [
        { name: "name", wrong: [7, {}], impossible: [""], says: [] },
        choice("domain", "surface, virtual_texture"),
        flag("twoSided"),
        typed("rvtOutput", {}, "white"),
        { name: "baseColor", wrong: ["red", {}, true], impossible: [[1, NaN, 1]], says: [] },
      ],
    },
    {
      entry: "new MaterialInstance",
      call: (options) => new MaterialInstance(material, { name: "wet", ...options }),
      rules: [{ name: "name", wrong: [7, {}], impossible: [""], says: [] }],
    },
    {
      entry: "new MaterialTexture",
      call: (options) => new MaterialTexture({ ...TEXELS, ...options }),
      rules: [
        number("width", [0, 8193, 0.5], "from 1 to 8192"),
        number("height", [0, 8193, 0.5], "from 1 to 8192"),
        typed("texels", {}, [1, 2, 3, 4]),
        { name: "texels", wrong: [], impossible: [new Uint8Array(3)], says: ["4 bytes"] },
        choice("colorSpace", "srgb, linear"),
        choice("addressing", "repeat, clamp"),
      ],
    },
    {
      entry: "noise",
      call: (options) => noise([0, 0], { kind: "value", ...options }),
      rules: [
        choice("kind", "value"),
        number("octaves", [0, 0.5], "from 1 to"),
        number("seed", [-1, 0.5], "from 0 to"),
      ],
    },
    {
      entry: "customWgsl",
      call: (options) => customWgsl({ code: "return 1.0;", components: 1, ...options }),
      rules: [typed("code", {}), number("components", [0, 5], "from 1 to 4"), typed("name", {})],
    },
    {
      entry: "runtimeVirtualTextureSample",
      call: (options) => runtimeVirtualTextureSample(asset, options),
      rules: [flag("feedback")],
    },
    {
      entry: "textureSample",
      call: (options) => textureSample(texture, options),
      rules: [{ name: "uv", wrong: ["left", {}], impossible: [], says: [] }],
    },
  ];
}

function componentEntries(): Entry[] {
  const material = new Material({ name: "soil" });
  const mesh = planeMesh();
  const land = new LandscapeComponent({ material, ...HEIGHTS });
  const spline = new LandscapeSplineComponent({ material, points: POINTS });
  const kinds: readonly [new (options: never) => unknown, object, readonly Rule[]][] = [
    [LandscapeComponent, HEIGHTS, [
      number("width", [1, 2 ** 15 + 1, 2.5], "from 2 to 32768"),
      number("height", [1, 2 ** 15 + 1, 2.5], "from 2 to 32768"),
      typed("heights", {}, [1, 2], "flat", [..."123456789"]),
      { name: "heights", wrong: [], impossible: [new Array(9).fill(NaN)], says: ["finite"] },
      typed("layers", "grass"),
      number("sectionQuads", [0, 4097, 0.5], "from 1 to 4096"),
      number("virtualTextureNumLods", [-1, 13, 0.5], "from 0 to 12"),
    ]],
    [LandscapeSplineComponent, { points: POINTS }, [
      typed("points", {}, "road"),
      { name: "points", wrong: [], impossible: [[], POINTS.slice(1)], says: ["2 or more"] },
      number("quadsAlong", [0, 1025, 0.5], "from 1 to 1024"),
      number("quadsAcross", [0, 65, 0.5], "from 1 to 64"),
      typed("landscape", {}, "land"),
      number("landscapeOffset", [Infinity]),
    ]],
    [StaticMeshComponent, { mesh }, [typed("mesh", {}, "box", [])]],
    [SkeletalMeshComponent, { mesh }, [typed("mesh", {}, "box", [])]],
    [AnimatedMeshComponent, { frames: [mesh] }, [typed("frames", {}, "box", [])]],
    [InstancedStaticMeshComponent, { mesh }, [
      typed("mesh", {}, "box", []),
      typed("instances", {}, "here"),
    ]],
    [FoliageComponent, { scatter: { ...SCATTER, count: 1 } }, [
      typed("mesh", {}, "box", []),
    ]],
    [DecalComponent, {}, [vector("size", 2)]],
  ];
  return [
    ...kinds.map(([kind, needed, rules]): Entry => ({
      entry: `new ${kind.name}`,
      call: (options) => new kind({ material, ...needed, ...options } as never),
      rules: [...COMPONENT_RULES, ...rules],
    })),
    {
      entry: "transform =",
      call: (options) => land.transform = options,
      rules: PLACE_RULES,
    },
    {
      entry: "setHeights",
      call: ({ region }) => land.setHeights(region as SampleRegion, [1]),
      rules: [typed("region", null, "all", [0, 0, 1, 1])],
      isOpen: true,
    },
    {
      entry: "updatePoint of a point",
      call: ({ point }) => spline.updatePoint(0, point as SplinePointOptions),
      rules: [typed("point", null, "there", [1, 2, 3])],
      isOpen: true,
    },
    {
      entry: "updatePoint",
      call: (options) => spline.updatePoint(0, { ...POINTS[0]!, ...options }),
      rules: [
        vector("position", 3),
        number("width", [0, -1, Infinity], "> 0"),
        number("rollRadians", [Infinity]),
        vector("tangent", 3),
      ],
      isOpen: true,
    },
    {
      entry: "scatterTransforms",
      call: (options) => scatterTransforms({ ...SCATTER, count: 1, ...options }),
      rules: [...SCATTER_RULES, number("count", [-1, 1e6 + 1, 0.5], "from 0 to 1000000")],
    },
    {
      entry: "scatterTransforms by density",
      call: (options) => scatterTransforms({ ...SCATTER, density: 1, ...options }),
      rules: [number("density", [-1, Infinity])],
    },
  ];
}

function meshEntries(): Entry[] {
  const mesh = planeMesh();
  const triangle = { positions: [0, 0, 0, 1, 0, 0, 0, 1, 0] };
  return [
    {
      entry: "boxMesh",
      call: (options) => boxMesh(options),
      rules: [vector("size", 3), { name: "size", wrong: [], impossible: [[0, 1, 1]], says: [] }],
    },
    {
      entry: "planeMesh",
      call: (options) => planeMesh(options),
      rules: [vector("size", 2), { name: "size", wrong: [], impossible: [[0, 1]], says: [] }],
    },
    {
      entry: "gridMesh",
      call: (options) => gridMesh(options),
      rules: [vector("size", 2), vector("quads", 2)],
    },
    {
      entry: "makeMesh",
      call: (options) => makeMesh({ ...triangle, ...options }),
      rules: [
        typed("positions", {}, "far"),
        typed("normals", {}, "up"),
        typed("uvs", {}, "all"),
        typed("indices", {}, "all"),
      ],
    },
    {
      entry: "simplifyMesh",
      call: (options) => simplifyMesh(mesh, { ratios: [0.5], ...options }),
      rules: [typed("ratios", {}, "half"), {
        name: "ratios",
        wrong: [["0.5"]],
        impossible: [[0], [1.5], [NaN]],
        says: [],
      }],
    },
  ];
}
