/**
 * Options of the calls that load files for scenes.
 *
 * @module
 */

import { loadGlb, loadHeightPicture, loadMaterialTexture } from "../../src/rvt/mod.ts";
import { choice, type Entry, number, typed } from "./option_rules.ts";

const MISSING = "/nowhere/no_such_file.png";
const SIGNAL = typed("signal", {}, "stop", 0);
const LIMITS = typed("limits", "large", [1]);

/** Every call that loads a file, here of none. */
export function loadEntries(): readonly Entry[] {
  return [
    {
      entry: "loadGlb",
      call: (options) => loadGlb(new Uint8Array(4), options),
      rules: [typed("name", {})],
    },
    {
      entry: "loadHeightPicture",
      call: (options) => loadHeightPicture(MISSING, { scale: 1, ...options }),
      rules: [
        number("scale", [0, -1, Infinity], "> 0"),
        number("offset", [Infinity]),
        LIMITS,
        SIGNAL,
      ],
    },
    {
      entry: "loadMaterialTexture",
      call: (options) => loadMaterialTexture(MISSING, options),
      rules: [
        { name: "name", wrong: [7, {}], impossible: [""], says: [] },
        choice("colorSpace", "srgb, linear"),
        choice("addressing", "repeat, clamp"),
        LIMITS,
        SIGNAL,
      ],
    },
  ];
}
