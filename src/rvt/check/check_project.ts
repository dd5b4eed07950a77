/**
 * Map Check of projects.
 *
 * @module
 */

import { checkedInstance, checkOptionNames } from "../../checks.ts";
import { assembleScene, Project, type SceneJson, sceneNeeds } from "../project/mod.ts";
import { checkBakes } from "./check_bakes.ts";
import { type Finding, finding } from "./finding.ts";
import { checkMaterials } from "./materials/check_materials.ts";
import { fixAssets } from "./materials/fix_materials.ts";
import { withoutMisfits } from "./materials/instance_types.ts";
import { checkScene } from "./scene/check_scene.ts";
import { textureStandIn } from "./texture_stand_in.ts";

/** Options of {@linkcode checkProject}. */
export interface CheckProjectOptions {
  /** The name of the scene that is checked; default all of the project. */
  readonly scene?: string;
}

/**
 * Checks the scenes of a project as `checkScene` does, and all materials and functions of the project for
 * samples of other types than their assets'. Needs no GPU: pictures and meshes are read, nothing is rendered.
 *
 * @returns What was found: first what concerns the project, such as mismatched types; then, for each scene,
 * what `checkScene` finds with those fixed, and volumes without baked low mips; which of those are stale, an
 * open scene alone can tell.
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
  const scenes = options.scene === undefined
    ? project.content.scenes
    : [project.scene(options.scene)];
  // With other types than their assets', samples cannot be made.
  const fitting = withoutMisfits(fixAssets(project).project);
  const found = [...checkMaterials(project), ...unusedAssets(project)];
  for (const scene of scenes) {
    const own = await checkSceneOf(fitting, scene);
    found.push(...own.map((one) => ({ ...one, scene: scene.name })));
  }
  return found;
}

async function checkSceneOf(project: Project, scene: SceneJson): Promise<Finding[]> {
  const parts = await assembleScene(project, scene, {
    streamedTexture: textureStandIn,
    loadsDeferred: true,
  });
  // Types were looked at in the whole project.
  const found = checkScene(parts).filter(({ code }) => code !== "type_mismatch");
  return [...found, ...await checkBakes(parts.volumes)];
}

/** Assets that no scene has anything to do with; a project without scenes is there for others. */
function unusedAssets({ content }: Project): Finding[] {
  if (content.scenes.length === 0) return [];
  const used = new Set(content.scenes.flatMap((scene) => sceneNeeds(content, scene).assets));
  return content.assets.filter(({ name }) => !used.has(name)).map(({ name }) =>
    finding(
      "no_volume",
      [name],
      `No volume of any scene places "${name}", and nothing uses it: place it, or remove it`,
    )
  );
}
