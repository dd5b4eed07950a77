/**
 * Map Check of projects.
 *
 * @module
 */

import { checkedInstance, checkOptionNames } from "../../checks.ts";
import { assembleScene, Project, type SceneJson, sceneNeeds } from "../project/mod.ts";
import { checkBakes } from "./check_bakes.ts";
import { checkDeferred } from "./check_deferred.ts";
import { type Finding, finding } from "./finding.ts";
import { checkMaterials } from "./materials/check_materials.ts";
import { fixAssets } from "./materials/fix_materials.ts";
import { withoutMisfits } from "./materials/instance_types.ts";
import { checkScene } from "./scene/check_scene.ts";
import { sharedBuilders } from "./shared_builders.ts";
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
 * what `checkScene` finds with those fixed, then deferred components that are not where they are said to be,
 * then volumes that keep their low mips in one file, then those whose low mips were not baked, or with other
 * settings, or, if nothing is an error, are stale: the
 * same as an open scene tells, but for tiles that cannot be read.
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
  const isProjectWhole = isWhole(found);
  for (const scene of scenes) {
    const own = await checkSceneOf(fitting, scene, { isProjectWhole });
    found.push(...own.map((one) => ({ ...one, scene: scene.name })));
  }
  return found;
}

async function checkSceneOf(
  project: Project,
  scene: SceneJson,
  { isProjectWhole }: { readonly isProjectWhole: boolean },
): Promise<Finding[]> {
  const parts = await assembleScene(project, scene, {
    streamedTexture: textureStandIn,
    loadsDeferred: true,
  });
  const shared = sharedBuilders(project.content)
    .filter(({ volumes }) => volumes.some((volume) => volume.scene === scene.name))
    .map(({ message, volumes }) =>
      finding("stale_bake", volumes.flatMap(({ name, asset }) => [name, asset]), message)
    );
  const found = [
    // Types were looked at in the whole project.
    ...checkScene(parts).filter(({ code }) => code !== "type_mismatch"),
    ...checkDeferred(parts),
    ...shared,
  ];
  const hasBakes = parts.volumes.some(({ settings }) => settings.streamingLowMips > 0);
  if (!hasBakes) return found;
  const canBeOpened = isProjectWhole && isWhole(found);
  const opened = canBeOpened && parts.loadedDeferred.length > 0
    ? await assembleScene(project, scene, { streamedTexture: textureStandIn })
    : parts;
  return [...found, ...await checkBakes(opened, { canBeOpened })];
}

function isWhole(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity !== "error");
}

/** Assets that no scene has anything to do with; a project without scenes is there for others. */
function unusedAssets({ content }: Project): Finding[] {
  if (content.scenes.length === 0) return [];
  const used = new Set(content.scenes.flatMap((scene) => sceneNeeds(content, scene).assets));
  return content.assets.filter(({ name }) => !used.has(name)).map(({ name }) =>
    finding(
      "unused_asset",
      [name],
      `No volume of any scene places "${name}", and nothing uses it: place it, or remove it`,
    )
  );
}
