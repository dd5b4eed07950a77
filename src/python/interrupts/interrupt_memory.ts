/** Indices of the 32-bit words, and where the bytes read from standard input begin. */
export const SHARED = { signal: 0, ready: 1, length: 2, dataBytes: 16 } as const;

/** The number of the signal that Ctrl-C sends. */
export const INTERRUPT_SIGNAL = 2;

/** Most bytes of standard input that are handed over at once. */
export const READ_CHUNK_BYTES = 65536;

/** Message of the worker: that it listens from now on, or that a signal came and was stored. */
export type WorkerReport = "listening" | "signal";
