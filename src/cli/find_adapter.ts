/**
 * The adapter that WebGPU gives. Run as a program it prints the adapter's name.
 *
 * @module
 */

import { requestUsableAdapter } from "../gpu/mod.ts";

/**
 * Name of the adapter on which the shaders run.
 *
 * @throws {DeviceError} with code `no-adapter` if there is none
 */
export async function findAdapter(): Promise<string> {
  const { description, device } = (await requestUsableAdapter("high-performance")).info;
  return description || device || "an adapter without a name";
}

if (import.meta.main) console.log(await findAdapter());
