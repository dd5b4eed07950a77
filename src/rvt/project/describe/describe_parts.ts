/**
 * What describing a scene works with.
 *
 * @module
 */

import type { DescribedFiles } from "./described_files.ts";
import type { NamedParts } from "./named_parts.ts";

/** Where what components refer to is collected. */
export interface DescribeParts {
  readonly files: DescribedFiles;
  readonly named: NamedParts;
  /** What cannot be done if a component has no form in a project. */
  readonly failure: string;
}
