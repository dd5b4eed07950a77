/**
 * The supply of tiles that are rendered.
 *
 * @module
 */

import type { RenderProducer } from "./render_producer.ts";
import type { RenderRecorder } from "./render_recorder.ts";

/** The producer and the recorder of rendered tiles, and what ends both. */
export interface RenderSupply {
  /** Remembers which tiles are to be rendered. */
  readonly producer: RenderProducer;
  /** Renders them. */
  readonly recorder: RenderRecorder;
  /** Frees what it owns, and ends its work. */
  close(): void;
}
