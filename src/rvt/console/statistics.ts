/**
 * What the console's statistics commands show, as data and as tables.
 *
 * @module
 */

import {
  type MemoryInfo,
  type PoolInfo,
  type StreamingStatistics,
  UPDATE_STAGES,
  type UpdateProfile,
  type UpdateStage,
  type UpdateWork,
} from "../../streaming/mod.ts";
import { textTable } from "../../text_table.ts";

/** What `stat virtualtexturing` shows. */
export interface VirtualTexturingStatistics {
  /** Milliseconds by stage, and counts of tiles and edits, of updates since there is a console. */
  readonly updates: UpdateProfile;
  /** Counters since the system was made. */
  readonly counters: StreamingStatistics;
}

/** What `stat virtualtexturememory` shows. */
export interface VirtualTextureMemory {
  /** The pools, in the order in which they were made. */
  readonly pools: readonly PoolInfo[];
  /** Where the budget goes. */
  readonly total: MemoryInfo;
}

/** What stands for a time that was not measured. */
const UNKNOWN = "not measured";

const STAGE_LABELS: Readonly<Record<UpdateStage, string>> = {
  feedback: "Read feedback",
  wants: "Find wanted tiles",
  landing: "Land finished tiles",
  recording: "Record tiles",
  page_tables: "Record page-table edits",
  submit: "Submit",
  admission: "Ask for tiles",
};

const COUNTS: readonly (readonly [string, Exclude<keyof UpdateWork, "stageMs">])[] = [
  ["Tiles rendered", "tilesDrawn"],
  ["Tiles uploaded", "tilesUploaded"],
  ["Page-table edits", "pageTableEdits"],
  ["Submits", "submits"],
];

const COUNTERS: readonly (readonly [string, keyof StreamingStatistics])[] = [
  ["Tiles requested", "tilesRequested"],
  ["Tiles loaded", "tilesLoaded"],
  ["Tiles refreshed by continuous update", "tilesRefreshed"],
  ["Tiles evicted", "tilesEvicted"],
  ["Tiles failed", "tilesFailed"],
  ["Tiles in the atlases", "activeTiles"],
  ["Cache hits", "cacheHits"],
  ["Cache misses", "cacheMisses"],
  ["Bytes uploaded", "bytesUploaded"],
  ["Episodes of memory pressure", "pressureEpisodes"],
  ["Samples of feedback without a place", "feedbackOverflow"],
];

/** Tables of {@linkcode VirtualTexturingStatistics}. */
export function texturingTables({ updates, counters }: VirtualTexturingStatistics): string {
  const { last, mean, most } = updates;
  const works = [last, mean, most];
  const row = (label: string, of: (work: UpdateWork) => number | null, digits: number) => [
    label,
    ...works.map((work, i) => of(work)?.toFixed(i === 1 ? Math.max(1, digits) : digits) ?? UNKNOWN),
  ];
  const head = (what: string) => [what, "last", "mean", "most"];
  return [
    textTable(head("Milliseconds of an update"), [
      ...UPDATE_STAGES.map((stage) => row(STAGE_LABELS[stage], ({ stageMs }) => stageMs[stage], 3)),
      row("All stages", ({ totalMs }) => totalMs, 3),
      row("GPU, rendered tiles", ({ gpuMs }) => gpuMs, 3),
    ]),
    textTable(
      head(`Counts of an update (of ${updates.updates})`),
      COUNTS.map(([label, count]) => row(label, (work) => work[count], 0)),
    ),
    textTable(["Counters", "so far"], [
      ...COUNTERS.map(([label, counter]) => [label, `${counters[counter]}`]),
      ["Cache hits in percent", counters.cacheHitRate.toFixed(1)],
      ["Mip bias in levels", counters.mipBias.toFixed(2)],
    ]),
  ].join("\n\n");
}

const PARTS: readonly (readonly [string, keyof MemoryInfo])[] = [
  ["Atlases", "atlasMemory"],
  ["Page tables", "pageTableMemory"],
  ["Feedback", "feedbackMemory"],
  ["Staging", "stagingMemory"],
  ["Scratch", "scratchMemory"],
  ["Caches", "cacheMemory"],
  ["Used", "usedMemory"],
  ["Budget", "totalBudget"],
];

/** Tables of {@linkcode VirtualTextureMemory}. */
export function memoryTables({ pools, total }: VirtualTextureMemory): string {
  const head = [
    "Pool",
    "tile",
    "border",
    "group",
    "scale",
    "size MiB",
    "needs MiB",
    "atlas MiB",
    "used",
    "slots",
    "page entries",
    "page table KiB",
    "textures",
  ];
  const rows = pools.map((pool) => [
    pool.formats.join("+"),
    `${pool.tileSize}`,
    `${pool.border}`,
    `${pool.scalabilityGroup}`,
    `${pool.sizeScale}`,
    pool.sizeLimit === null ? "-" : mebibytes(pool.sizeLimit),
    mebibytes(pool.neededMemory),
    mebibytes(pool.atlasMemory),
    `${pool.slotsUsed}`,
    `${pool.slotsTotal}`,
    `${pool.pageTableEntries}`,
    (pool.pageTableMemory / 1024).toFixed(1),
    pool.textures.join(", "),
  ]);
  const warnings = pools.flatMap(({ warning }) => warning === null ? [] : [`Warning: ${warning}`]);
  return [
    textTable(head, rows),
    ...warnings.length === 0 ? [] : [warnings.join("\n")],
    textTable(["Memory", "MiB"], PARTS.map(([label, part]) => [label, mebibytes(total[part])])),
  ].join("\n\n");
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}
