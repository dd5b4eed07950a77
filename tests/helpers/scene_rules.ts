/**
 * Rules for the options of scenes with runtime virtual textures, and of their consoles.
 *
 * @module
 */

import { choice, number, type Rule, typed } from "./option_rules.ts";

/** An option that is true or false. */
export function flag(name: string): Rule {
  return { name, wrong: ["yes", 1, 0, {}], impossible: [], says: [] };
}

/** Options of scenes. */
export const SCENE_RULES: readonly Rule[] = [
  choice("mode", "game, editor"),
  flag("virtualTexturing"),
  number("maxUploadsPerFrame", [0, 0.5, 1e300], "from 1 to 1000000000"),
  number("maxUploadsPerFrameInEditor", [0, 0.5, 1e300], "from 1 to 1000000000"),
  number("maxContinuousUpdatesPerFrame", [-1, 0.5, 1e300], "from 0 to 1000000000"),
  number("maxContinuousUpdatesPerFrameInEditor", [-1, 0.5, 1e300], "from 0 to 1000000000"),
  number("tileCountBias", [-13, 13, 0.5], "from -12 to 12"),
  {
    name: "groupTileCountBias",
    wrong: [1, [], { 0: "1" }],
    impossible: [{ 0: 13 }, { x: 1 }],
    says: [],
  },
  { name: "streamingCountsIn", wrong: ["game", {}, [1]], impossible: [["both"]], says: [] },
  number("seed", [-1, 0.5, 2 ** 32], "from 0 to 4294967295"),
  typed("logger", {}, "console"),
];

/** Options of consoles. */
export const CONSOLE_RULES: readonly Rule[] = [
  {
    name: "scalability",
    wrong: [1, []],
    impossible: [{ "": {} }],
    says: [],
  },
];
