/**
 * Finds the fuzzers.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidArgumentError } from "../../errors.ts";
import { projectFolder } from "../folders.ts";
import type { Fuzzer } from "./fuzzer.ts";

/** A fuzzer and the module that it is in. */
export interface FuzzerModule {
  readonly fuzzer: Fuzzer;
  readonly path: string;
}

/** The fuzzer of a module. */
export async function loadFuzzer(path: string): Promise<Fuzzer> {
  return (await import(pathToFileURL(path).href) as { fuzzer: Fuzzer }).fuzzer;
}

/**
 * The fuzzers of some names, or all of them.
 *
 * @throws {InvalidArgumentError} if there is none of a name.
 */
export async function namedFuzzers(names: readonly string[]): Promise<FuzzerModule[]> {
  const folder = join(projectFolder(), "tests", "fuzz");
  const files = readdirSync(folder).filter((file) => file.endsWith("_fuzz.ts")).sort();
  const all: FuzzerModule[] = [];
  for (const file of files) {
    const path = join(folder, file);
    all.push({ fuzzer: await loadFuzzer(path), path });
  }
  const known = all.map(({ fuzzer }) => fuzzer.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      "READER",
      `Cannot fuzz as the reader must be one of ${known.join(", ")}: current value is ${unknown}`,
    );
  }
  return all.filter(({ fuzzer }) => names.length === 0 || names.includes(fuzzer.name));
}
