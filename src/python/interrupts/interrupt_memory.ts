/** Indices of the 32-bit words, and where the bytes read from standard input begin. */
export const SHARED = { signal: 0, ready: 1, length: 2, dataBytes: 16 } as const;

/** The number of the signal that Ctrl-C sends. */
export const INTERRUPT_SIGNAL = 2;

/** Most bytes of standard input that are handed over at once. */
export const READ_CHUNK_BYTES = 65536;

/** What the worker tells: that it listens from now on, and each signal, once it is stored. */
export type WorkerReport = "listening" | "signal";
