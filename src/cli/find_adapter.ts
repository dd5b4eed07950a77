/**
 * The adapter that WebGPU gives. Run as a program it prints the adapter's name: a process asks its
 * drivers only once, so after an installation only a new process sees the new driver.
 *
 * @module
 */

/** Name of the adapter that WebGPU gives, `undefined` if it gives none. */
export async function findAdapter(): Promise<string | undefined> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) return undefined;
  return adapter.info.description || adapter.info.device || "an adapter without a name";
}

if (import.meta.main) console.log((await findAdapter()) ?? "");
