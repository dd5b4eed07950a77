/**
 * Map Check of projects.
 *
 * @module
 */

import { checkedInstance, checkOptionNames } from "../../checks.ts";
import { MATERIAL_TYPES } from "../asset/mod.ts";
import { assembleScene, Project } from "../project/mod.ts";
import { checkBakes } from "./check_bakes.ts";
import { checkDeferred } from "./check_deferred.ts";
import { type Finding, finding } from "./finding.ts";
import { fixAssets, type SampleTypeChange } from "./materials/fix_materials.ts";
import { fittingInstances } from "./materials/instance_types.ts";
import { checkScene } from "./scene/check_scene.ts";
import { textureStandIn } from "./texture_stand_in.ts";

/** Options of {@linkcode checkProject}. */
export interface CheckProjectOptions {
  /** The scene's name; default the project's only one. */
  readonly scene?: string;
}

/**
 * Checks a scene of a project as `checkScene` does, and all materials and functions of the project for
 * samples of other types than their assets'. Needs no GPU: pictures and meshes are read, nothing is rendered.
 *
 * @returns What was found: mismatched types first, then what `checkScene` finds with those fixed, then
 * deferred components that are not where they are said to be, then volumes whose low mips were not baked, or
 * with other settings, or, if nothing is an error, are stale: the same as an open scene tells, but for tiles
 * that cannot be read.
 * @throws {InvalidArgumentError} if the project is none, or an option does not exist.
 * @throws {OutOfRangeError} if there is no such scene.
 * @throws {FileError} if a file is missing.
 * @throws {MalformedFileError} if a file is damaged, or something is not valid; the message names the place.
 * @throws {UnsupportedError} if a file needs what is not supported.
 */
export async function checkProject(
  project: Project,
  options: CheckProjectOptions = {},
): Promise<Finding[]> {
  const failure = "Cannot check project";
  checkedInstance(project, { name: "project", failure, kind: Project });
  checkOptionNames(options, { failure, names: ["scene"] });
  const scene = project.scene(options.scene);
  // With other types than their assets', samples cannot be made.
  const fixed = fixAssets(project);
  const { project: fitting, findings } = fittingInstances(fixed.project);
  const parts = await assembleScene(fitting, scene, {
    streamedTexture: textureStandIn,
    loadsDeferred: true,
  });
  const found = [
    ...fixed.changes.map(mismatch),
    ...findings,
    ...checkScene(parts),
    ...checkDeferred(parts),
  ];
  const hasBakes = parts.volumes.some(({ settings }) => settings.streamingLowMips > 0);
  if (!hasBakes) return found;
  const canBeOpened = found.every(({ severity }) => severity !== "error");
  const opened = canBeOpened && parts.loadedDeferred.length > 0
    ? await assembleScene(fitting, scene, { streamedTexture: textureStandIn })
    : parts;
  return [...found, ...await checkBakes(opened, { canBeOpened })];
}

function mismatch({ kind, name, file, node, asset, from, to }: SampleTypeChange): Finding {
  const what = kind === "material" ? "Material" : "Material function";
  return finding(
    "type_mismatch",
    [name, asset],
    `${what} "${name}" in ${file} samples "${asset}" as ${
      MATERIAL_TYPES[from].label
    } at node ${node}: it ` +
      `stores ${MATERIAL_TYPES[to].label}. Fix Material Usage of the asset mends it`,
  );
}
