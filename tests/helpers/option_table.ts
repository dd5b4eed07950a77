/**
 * Every public option, with values of wrong types and values that are not allowed.
 *
 * @module
 */

import { BakeCache, bakePicture, bakeRows } from "../../src/bake/mod.ts";
import { lookAt, orthographic, perspective, placementFor } from "../../src/geometry/mod.ts";
import {
  adoptDevice,
  type ForgeDevice,
  initMemorySystem,
  requestDevice,
  virtualTextureWgsl,
} from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import {
  CachingSource,
  CoalescingSource,
  httpSource,
  memorySource,
  proceduralTileSource,
  retrySource,
} from "../../src/sources/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { contentEntries } from "./content_options.ts";
import { choice, type Entry, number, type Rule, typed, vector } from "./option_rules.ts";
import { heightOfLevel, lookDown } from "../streaming/cameras.ts";

const AXES = { axisU: [10, 0, 0], axisV: [0, 10, 0] };
const AXIS_RULES: readonly Rule[] = [vector("axisU", 3), vector("axisV", 3)];

const SIGNAL = typed("signal", {}, "stop", 0, null);
const TIME_BUDGET = number("timeBudgetMs", [-1], ">= 0");

const MISSING = "/nowhere/no_such_file.png";
const BAKE_CHOICES = ["bc7", "rgba8", "r32f"];

/** What of a picture is read. */
const PICTURE_RULES: readonly Rule[] = [
  number("page", [-1, 0.5, Infinity], "an integer from 0"),
  {
    name: "bands",
    wrong: ["3,2,1", true, {}, 1, ["1"], [1, null]],
    impossible: [[], [0], [1.5], [NaN], [1, 2, 3, 4, 5]],
    says: ["bands must"],
  },
];

const WRAP: Rule = {
  name: "wrap",
  wrong: [7, true, {}],
  impossible: ["mirror", "", [], ["repeat"], ["repeat", "clamp", "clamp"]],
  says: [],
};

const BAKE_RULES: readonly Rule[] = [
  choice("format", ...BAKE_CHOICES),
  choice("quality", "low, medium, high"),
  choice("colorSpace", "srgb, linear"),
  WRAP,
  number("tileSize", [0, 1, 5000, 2.5], "from 2 to 4096"),
  number("border", [-1, 65, 0.5], "from 0 to 64"),
  ...PICTURE_RULES,
  typed("onProgress", {}, "print"),
  typed("signal", {}, "stop"),
];

/** Every call that takes options; `system` has a texture. */
export function entries(device: ForgeDevice, system: VirtualTextureSystem): readonly Entry[] {
  const camera = lookDown(100, 100, heightOfLevel(0));
  const grid = new TileGrid(64, 64, 64);
  const bytes = memorySource(new Uint8Array(4));
  const lens = { fovYDegrees: 60, aspect: 1, near: 1, far: 10 };
  const box = { left: 0, right: 1, bottom: 0, top: 1, near: 0, far: 1 };
  return [
    {
      entry: "new VirtualTextureSystem",
      call: (options) => new VirtualTextureSystem(device, options),
      rules: [
        number("maxMemoryMb", [0, -1, Infinity], "> 0"),
        number("maxMemoryBytes", [0, -1, Infinity], "> 0"),
        number("tileSize", [0, -64, 32, 100, 2048, 64.5], "a power of 2 from 64 to 1024"),
        number("border", [0, 1, 5, 16], "4, 8"),
        number("maxAnisotropy", [0, 0.5, 17], "from 1 to 16"),
        number("tilesPerUpdate", [0, -1, 0.5], ">= 1"),
        number("bytesPerUpdate", [0, -1], ">= 1"),
        number("msPerUpdate", [-1], ">= 0"),
        number("gpuMsPerUpdate", [-1], ">= 0"),
        number("gpuWaitShare", [-0.1, 1.5], "from 0 to 1"),
        number("fadeFrames", [-1, 2000], "from 0 to 1000"),
        number("feedbackInterval", [-1], "from 0 to 1000000000"),
        typed("cacheFolder", {}),
        typed("label", {}),
        typed("clock", {}, "now"),
        typed("logger", {}, { warn() {} }),
      ],
    },
    {
      entry: "requestDevice",
      call: (options) => requestDevice(options),
      rules: [choice("powerPreference", "low-power, high-performance"), typed("label", {})],
    },
    {
      entry: "initMemorySystem",
      call: (options) => initMemorySystem(device, { ringCount: 1, poolMemoryMb: 1, ...options }),
      rules: [
        // A flag that is true is none that is wrong.
        { name: "stagingRings", wrong: [7, "true", {}], impossible: [], says: [] },
        { name: "memoryPools", wrong: [7, "true", {}], impossible: [], says: [] },
        number("ringCount", [0, 65, 1.5], "from 1 to 64"),
        number("bufferSize", [255, -1], "integer"),
        number("stagingMemoryMb", [0, 513], "from 1 to 512"),
        number("poolMemoryMb", [0, 65537], "from 1 to 65536"),
      ],
    },
    {
      entry: "adoptDevice",
      call: (options) => adoptDevice(device.gpu, options),
      rules: [typed("label", {}), typed("deviceProvider", {}, "next")],
    },
    {
      entry: "setQualitySettings",
      call: (options) => system.setQualitySettings(options),
      rules: [
        number("maxMipBias", [-0.1, 17], "from 0 to 16"),
        number("lodScale", [0, -1, 17], "from 0.01 to 16"),
        number("cachePriorityBoost", [-1, 17], "from 0 to 16"),
      ],
    },
    {
      entry: "loadTexture of a missing file",
      call: (options) => system.loadTexture(MISSING, options),
      rules: [
        { ...choice("preferredFormat", "R8, RG8, RGBA8"), impossible: ["BC9", "", "constructor"] },
        choice("quality", "low, medium, high"),
        choice("colorSpace", "srgb, linear"),
        ...PICTURE_RULES,
        WRAP,
        number("layer", [-1, 0.5, Infinity], "an integer from 0"),
        number("face", [-1, 0.5, NaN], "an integer from 0"),
        number("slice", [-1, 0.5], "an integer from 0"),
        typed("identity", {}),
        choice("placement", "rows_down, y_up"),
        vector("origin", 3),
        vector("extent", 2),
        typed("onProgress", {}, "print"),
        typed("signal", {}, "stop"),
      ],
    },
    {
      entry: "loadTexture of a missing file by axes",
      call: (options) => system.loadTexture(MISSING, { ...AXES, ...options }),
      rules: AXIS_RULES,
    },
    {
      entry: "unloadTexture",
      call: (options) => system.unloadTexture(system.textures[0]!, options),
      rules: [SIGNAL],
    },
    {
      entry: "updateNow's camera",
      call: (options) => system.updateNow({ ...camera, ...options }),
      rules: [vector("position", 3), vector("view", 16), vector("projection", 16)],
      isOpen: true,
    },
    {
      entry: "updateNow",
      call: (options) => system.updateNow(camera, options),
      rules: [typed("texture", {}, "map", 0, "")],
    },
    {
      entry: "update",
      call: (options) => system.update(camera, options),
      rules: [TIME_BUDGET, SIGNAL, typed("texture", {}, "map", 0, "")],
    },
    {
      entry: "finishUpdate",
      call: (options) => system.finishUpdate(options),
      rules: [TIME_BUDGET, SIGNAL],
    },
    { entry: "flush", call: (options) => system.flush(options), rules: [SIGNAL] },
    { entry: "renewed", call: (options) => system.renewed(options), rules: [SIGNAL] },
    ...contentEntries(system),
    {
      entry: "render's camera",
      call: (options) => render(system, { ...camera, ...options }),
      rules: [
        number("width", [0, -1, 2.5, 1e6], "an integer from 1 to"),
        number("height", [0, 1e6], "an integer from 1 to"),
        vector("view", 16),
        vector("projection", 16),
        vector("position", 3),
      ],
      isOpen: true,
    },
    {
      entry: "render",
      call: (options) => render(system, camera, options),
      rules: [
        choice("filter", "trilinear", "bilinear"),
        choice("debug", "level"),
        { name: "feedback", wrong: ["yes", 1, {}], impossible: [], says: [] },
        { name: "fade", wrong: ["yes", 1, {}], impossible: [], says: [] },
        number("plane", [-1, 1, 0.5], "from 0 to 0"),
        typed("texture", {}, "map", 0, ""),
        SIGNAL,
      ],
    },
    {
      entry: "bakePicture of a missing file",
      call: (options) => bakePicture(null, MISSING, { output: "/nowhere/a.ktx2", ...options }),
      rules: [
        ...BAKE_RULES,
        { name: "output", wrong: [7, {}, null], impossible: ["a.png", ""], says: [".ktx2"] },
        typed("scratchFolder", {}),
        typed("limits", "large", null),
      ],
    },
    {
      entry: "BakeCache.openPicture of a missing file",
      call: (options) => new BakeCache("/nowhere").openPicture(null, MISSING, options),
      rules: BAKE_RULES,
    },
    {
      entry: "bakeRows",
      call: (options) =>
        bakeRows(null, [], {
          output: "/nowhere/a.pmtiles",
          grid,
          firstLevel: 0,
          identity: { name: "a" },
          ...options,
        }),
      rules: [
        ...BAKE_RULES.filter(({ name }) =>
          !["tileSize", "colorSpace", "page", "bands"].includes(name)
        ),
        typed("stored", {}, { source: {} }),
      ],
    },
    {
      entry: "placementFor",
      call: (options) => placementFor([10, 10], options),
      rules: [
        choice("placement", "rows_down, y_up"),
        vector("origin", 3),
        vector("extent", 2),
        { name: "extent", wrong: [], impossible: [[0, 1], [1, 0]], says: ["span an area"] },
      ],
    },
    {
      entry: "placementFor by axes",
      call: (options) => placementFor([10, 10], { ...AXES, ...options }),
      rules: AXIS_RULES,
    },
    {
      entry: "lookAt",
      call: (options) => lookAt([0, 0, 1], [0, 0, 0], options),
      rules: [vector("up", 3)],
    },
    {
      entry: "perspective",
      call: (options) => perspective({ ...lens, ...options }),
      rules: [
        number("fovYDegrees", [0, 180, -1], "> 0"),
        number("aspect", [0, Infinity], "> 0"),
        number("near", [0, -1, Infinity], "> 0"),
        number("far", [1, 0]),
      ],
    },
    {
      entry: "orthographic",
      call: (options) => orthographic({ ...box, ...options }),
      rules: [
        number("left", [Infinity]),
        number("right", [0]),
        number("bottom", [Infinity]),
        number("top", [0]),
        number("near", [Infinity]),
        number("far", [0]),
      ],
    },
    {
      entry: "virtualTextureWgsl",
      call: (options) => virtualTextureWgsl({ group: 0, ...options }),
      rules: [
        number("group", [-1, 0.5], "an integer >= 0"),
        number("firstBinding", [-1, 0.5], "an integer >= 0"),
        choice("filter", "trilinear"),
        number("planes", [0, 4, 1.5], "from 1 to 3"),
        { name: "fade", wrong: ["yes", 1], impossible: [], says: [] },
        { name: "feedback", wrong: [1, {}], impossible: [], says: [] },
        { name: "prefix", wrong: [7, {}], impossible: ["1a", "__a", "a b"], says: ["identifier"] },
      ],
    },
    {
      entry: "new TileGrid",
      call: ({ width = 64, height = 64, tileSize = 64, ...options }) =>
        new TileGrid(width as number, height as number, tileSize as number, options),
      rules: [
        number("width", [0, -1, 1.5, 2 ** 20 + 1], "an integer from 1 to 1048576"),
        number("height", [0, Infinity], "an integer from 1 to 1048576"),
        number("tileSize", [0, 0.5], "an integer >= 1"),
        choice("lastLevel", "texel, tile"),
      ],
    },
    {
      entry: "proceduralTileSource",
      call: (options) =>
        proceduralTileSource(() => {}, {
          width: 64,
          height: 64,
          tileSize: 64,
          border: 4,
          format: "bc7-rgba-unorm",
          ...options,
        }),
      rules: [
        number("tileSize", [0, 6, 0.5], "a multiple of 4"),
        number("border", [-4, 2, 0.5], "a multiple of 4"),
        number("width", [0], "an integer from 1"),
      ],
    },
    {
      entry: "httpSource",
      call: (options) => httpSource("http://localhost/a", options),
      rules: [
        number("attempts", [0, 1.5], ">= 1"),
        number("firstDelayMs", [-1, Infinity], "from 0 to"),
        number("maxDelayMs", [-1], "from 0 to"),
        number("timeoutMs", [-1, Infinity], "from 0 to"),
        typed("random", 0.5),
        typed("fetch", "fetch"),
      ],
    },
    {
      entry: "retrySource",
      call: (options) => retrySource(bytes, options),
      rules: [number("attempts", [0], ">= 1"), number("maxDelayMs", [-1], "from 0 to")],
    },
    {
      entry: "new CachingSource",
      call: (options) => new CachingSource(bytes, { maxBytes: 1000, ...options }),
      rules: [number("maxBytes", [0, 0.5], "from 1"), number("blockBytes", [0], "from 1")],
    },
    {
      entry: "new CoalescingSource",
      call: (options) => new CoalescingSource(bytes, options),
      rules: [
        number("maxGapBytes", [-1], ">= 0"),
        number("maxReadBytes", [-1], ">= 0"),
        number("maxConcurrentReads", [0], ">= 1"),
      ],
    },
  ];
}
