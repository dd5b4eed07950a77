/**
 * Progress of loads that a script does not follow itself.
 *
 * @module
 */

import type { LoadTextureOptions } from "../streaming/mod.ts";

/** Shows the progress of one load. */
export interface LoadProgress {
  /** Shows how much is done, 0 to 1, and what goes on. */
  update(fraction: number, phase: string): void;
  /** Removes what is shown. */
  abandon(): void;
}

/** Begins to show the progress of a load of a texture, which is named by its path or as bytes. */
export type ShowLoads = (name: string) => LoadProgress;

/**
 * Runs a load, and shows its progress unless the caller follows that.
 *
 * @param show Null to show nothing.
 */
export async function withLoadProgress<T>(
  show: ShowLoads | null,
  { input, options }: { readonly input: unknown; readonly options: LoadTextureOptions },
  load: (options: LoadTextureOptions) => Promise<T>,
): Promise<T> {
  const { onProgress } = options;
  if (show === null || (onProgress !== undefined && onProgress !== null)) {
    return await load(options);
  }
  const progress = show(typeof input === "string" ? input : "bytes");
  try {
    return await load({
      ...options,
      onProgress: ({ fraction, phase }) => progress.update(fraction, phase),
    });
  } finally {
    progress.abandon();
  }
}
