/**
 * The error of a file that cannot be opened.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { isNotFound } from "../../deno_runtime.ts";
import { FileError } from "../../errors.ts";

/** Converts an error of the file system: its code says whether the file is missing or unreadable. */
export function fileOpenError(path: string, cause: unknown): FileError {
  if (isNotFound(cause)) {
    return new FileError(
      "file-not-found",
      path,
      `Cannot open ${path}: there is no such file`,
      { cause },
    );
  }
  const reason = thrownText(cause);
  return new FileError("file-unreadable", path, `Cannot open ${path}: ${reason}`, { cause });
}
