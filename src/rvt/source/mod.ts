/**
 * Virtual textures that materials sample while others are filled.
 *
 * @module
 */

export { fillCycles, type FillCycles, NO_FILL_CYCLES } from "./fill_cycles.ts";
export { FillSources, type FilledContent } from "./fill_sources.ts";
export { OpenSources } from "./open_sources.ts";
export { SamplingGraphs } from "./sampling_graphs.ts";
