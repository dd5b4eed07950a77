/**
 * Where the time of updates goes, and what they hand to the GPU.
 *
 * @module
 */

/**
 * A stage of an update, in the order in which they come: reading feedback, finding what is wanted, giving
 * finished tiles their slots, recording their content, recording edits of page tables, submitting both, and
 * asking for more tiles.
 */
export type UpdateStage =
  | "feedback"
  | "wants"
  | "landing"
  | "recording"
  | "page_tables"
  | "submit"
  | "admission";

/** Every {@linkcode UpdateStage}. */
export const UPDATE_STAGES: readonly UpdateStage[] = Object.freeze([
  "feedback",
  "wants",
  "landing",
  "recording",
  "page_tables",
  "submit",
  "admission",
]);

/** What one update did, with the submits up to the next one; or the mean or the most of all. */
export interface UpdateWork {
  /** Milliseconds of each stage, by the system's clock. */
  readonly stageMs: Readonly<Record<UpdateStage, number>>;
  /** Sum of the stages in milliseconds. */
  readonly totalMs: number;
  /**
   * Milliseconds of GPU time that drawing its tiles takes, by what was measured lately; null where tiles were
   * drawn and none has been measured: the device has no timestamps, or the first ones have not been read yet,
   * which takes two updates.
   */
  readonly gpuMs: number | null;
  /** Tiles that were drawn. */
  readonly tilesDrawn: number;
  /** Tiles that were uploaded. */
  readonly tilesUploaded: number;
  /** Changes of page tables: tiles that were mapped, or lost their slot. */
  readonly pageTableEdits: number;
  /** Command buffers that were submitted. */
  readonly submits: number;
}

/** Work of updates since it is measured. */
export interface UpdateProfile {
  /** Number of updates. */
  readonly updates: number;
  /** The last update. */
  readonly last: UpdateWork;
  /** The mean of all updates. */
  readonly mean: UpdateWork;
  /** The most of each number in one update. */
  readonly most: UpdateWork;
}

type Count = Exclude<keyof UpdateWork, "stageMs" | "totalMs"> | "tilesTimed";
const COUNTS: readonly Count[] = [
  "gpuMs",
  "tilesTimed",
  "tilesDrawn",
  "tilesUploaded",
  "pageTableEdits",
  "submits",
];
const STAGE_COUNT = UPDATE_STAGES.length;
const TOTAL = STAGE_COUNT;
const FIRST_COUNT = TOTAL + 1;
const NUMBERS = FIRST_COUNT + COUNTS.length;

/** Measures updates; reads the clock only while that is wanted. Outlives the system's device. */
export class FrameProfile {
  readonly #clock: () => number;
  readonly #now = new Float64Array(NUMBERS);
  /** Of the updates before. */
  readonly #sum = new Float64Array(NUMBERS);
  readonly #most = new Float64Array(NUMBERS);
  #updates = 0;
  #isOn = false;
  #sinceMs = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whether updates are measured. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Begins to measure, with nothing measured yet, or ends it; does nothing if it is so already. */
  measure(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    for (const numbers of [this.#now, this.#sum, this.#most]) numbers.fill(0);
    this.#updates = 0;
  }

  /** An update begins. */
  beginUpdate(): void {
    if (!this.#isOn) return;
    if (this.#updates > 0) addTo(this.#sum, this.#now);
    this.#now.fill(0);
    this.#updates++;
    this.begin();
  }

  /** What is done from now on is part of the stage that ends next. */
  begin(): void {
    if (this.#updates > 0) this.#sinceMs = this.#clock();
  }

  /** A stage has ended, and another one begins. What is done before the first update is of none. */
  end(stage: UpdateStage): void {
    if (this.#updates === 0) return;
    const nowMs = this.#clock();
    const ms = Math.max(0, nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    this.#now[UPDATE_STAGES.indexOf(stage)]! += ms;
    this.#now[TOTAL]! += ms;
    maximize(this.#most, this.#now);
  }

  /** Counts something that was done. */
  count(what: Count, number: number): void {
    if (this.#updates === 0) return;
    this.#now[FIRST_COUNT + COUNTS.indexOf(what)]! += number;
    maximize(this.#most, this.#now);
  }

  /** What was measured; null while nothing is. */
  profile(): UpdateProfile | null {
    if (!this.#isOn) return null;
    const sum = Float64Array.from(this.#sum);
    addTo(sum, this.#now);
    return {
      updates: this.#updates,
      last: workOf(this.#now),
      mean: workOf(sum.map((number) => number / Math.max(1, this.#updates))),
      most: workOf(this.#most),
    };
  }
}

function addTo(sum: Float64Array, numbers: Float64Array): void {
  for (let i = 0; i < NUMBERS; i++) sum[i]! += numbers[i]!;
}

function maximize(most: Float64Array, numbers: Float64Array): void {
  for (let i = 0; i < NUMBERS; i++) most[i] = Math.max(most[i]!, numbers[i]!);
}

function workOf(numbers: Float64Array): UpdateWork {
  const stageMs = Object.fromEntries(UPDATE_STAGES.map((stage, i) => [stage, numbers[i]!]));
  const { gpuMs, tilesTimed, ...counts } = Object.fromEntries(
    COUNTS.map((name, i) => [name, numbers[FIRST_COUNT + i]!]),
  ) as Record<Count, number>;
  return {
    stageMs: stageMs as Record<UpdateStage, number>,
    totalMs: numbers[TOTAL]!,
    gpuMs: tilesTimed === 0 && counts.tilesDrawn > 0 ? null : gpuMs,
    ...counts,
  };
}
