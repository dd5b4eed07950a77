/**
 * Virtual textures that materials sample while others are filled.
 *
 * @module
 */

export { type FillCycles, fillCycles, NO_FILL_CYCLES } from "./fill_cycles.ts";
export { type FilledContent, FillSources } from "./fill_sources.ts";
export { OpenSources } from "./open_sources.ts";
export { tappedLevels } from "./sampled_levels.ts";
export { SamplingGraphs } from "./sampling_graphs.ts";
