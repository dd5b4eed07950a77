/**
 * Checks what a project sets for systems and consoles, as those would. Pure.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { checkedPoolConfig } from "../../../streaming/mod.ts";
import { checkedScalability } from "../../console/mod.ts";
import type { ProjectContent } from "../json/project_json.ts";
import { Place } from "../schema/mod.ts";
import type { ProjectFiles } from "./project_files.ts";

/**
 * Checks the settings of a project.
 *
 * @throws {MalformedFileError} if a pool has sizes of tiles that exclude each other, a console variable does not
 * exist, or has a value that is not allowed.
 */
export function checkSettings(
  { pools, scalability }: ProjectContent,
  { main }: ProjectFiles,
): void {
  const check = (name: string, work: () => unknown) => {
    try {
      work();
    } catch (cause) {
      throw Place.ofFile(main).at(name).error(`is not valid: ${thrownText(cause)}`, { cause });
    }
  };
  if (pools !== undefined) check("pools", () => checkedPoolConfig(pools));
  if (scalability !== undefined) check("scalability", () => checkedScalability(scalability));
}
