/**
 * The project's own files, for tests about them.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of `deno.json`. */
export const PROJECT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folders and files that make up the product. */
const PARTS: readonly string[] = ["src", "py", "shaders", "tests", "examples", ".ci"];
const ROOT_FILES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "LICENSE",
  "deno.json",
  "deno.lock",
];

/** Endings of files that hold text. */
const TEXT = /(\.(ts|py|wgsl|md|json|lock|txt|html|css|toml|pyi|typed)|\/run|LICENSE)$/;

/** Text files of the product, as paths with forward slashes from the project's folder. */
export function productFiles(): string[] {
  const files = [...ROOT_FILES];
  for (const part of PARTS) {
    for (const entry of readdirSync(join(PROJECT, part), { recursive: true }).map(String)) {
      const path = `${part}/${entry.replaceAll("\\", "/")}`;
      if (TEXT.test(path) && !path.includes("__pycache__")) files.push(path);
    }
  }
  return files.sort();
}

/** Text of one of the project's files. */
export function productText(path: string): string {
  return readFileSync(join(PROJECT, path), "utf8");
}
