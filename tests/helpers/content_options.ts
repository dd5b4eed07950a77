/**
 * Options of the calls that say which content of textures is wanted.
 *
 * @module
 */

import type { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { type Entry, number, typed } from "./option_rules.ts";

const SIGNAL = typed("signal", {}, "stop", 0, null);

/** The calls of a system that has a texture. */
export function contentEntries(system: VirtualTextureSystem): readonly Entry[] {
  return [
    {
      entry: "prefetchRegion",
      call: (options) =>
        system.prefetchRegion(system.textures[0]!, {
          x: 0,
          y: 0,
          width: 9,
          height: 9,
          ...options,
        }),
      rules: [
        number("x", [Infinity], "finite"),
        number("y", [-Infinity], "finite"),
        number("width", [-1, Infinity], "finite and >= 0"),
        number("height", [-1], "finite and >= 0"),
        number("level", [-1, 99, 0.5], "from 0 to"),
      ],
    },
    {
      entry: "invalidate of a region",
      call: (options) => {
        const region = { x: 0, y: 0, width: 9, height: 9, ...options };
        return system.invalidate(system.textures[0]!, region);
      },
      rules: [
        number("x", [Infinity], "finite"),
        number("width", [-1, Infinity], "finite and >= 0"),
        number("level", [-1, 99, 0.5], "from 0 to"),
      ],
    },
    {
      entry: "invalidate of a tile",
      call: (options) =>
        system.invalidate(system.textures[0]!, { level: 0, x: 0, y: 0, ...options }),
      rules: [
        number("x", [-1, 1e6], "from 0 to"),
        number("y", [0.5], "from 0 to"),
        number("level", [-1, 99], "from 0 to"),
      ],
    },
    {
      entry: "invalidate's options",
      call: (options) => system.invalidate(system.textures[0]!, null, options),
      rules: [{ name: "urgent", wrong: [1, "yes", {}], impossible: [], says: [] }],
    },
    {
      entry: "preload of a region",
      call: (options) => {
        const region = { x: 0, y: 0, width: 9, height: 9, ...options };
        return system.preload(system.textures[0]!, region);
      },
      rules: [
        number("x", [Infinity], "finite"),
        number("width", [-1, Infinity], "finite and >= 0"),
        number("level", [-1, 99, 0.5], "from 0 to"),
      ],
    },
    {
      entry: "preload's options",
      call: (options) => {
        const region = { x: 0, y: 0, width: 9, height: 9 };
        return system.preload(system.textures[0]!, region, options);
      },
      rules: [SIGNAL],
    },
    {
      entry: "setDrawLimits",
      call: (options) => system.setDrawLimits(options),
      rules: [
        number("tilesPerUpdate", [0, -1, 0.5], "from 1 to"),
        number("continuousTilesPerUpdate", [-1, 0.5], "from 0 to"),
        number("seed", [-1, 0.5, 2 ** 32], "from 0 to 4294967295"),
      ],
    },
  ];
}
