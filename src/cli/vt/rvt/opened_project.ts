/**
 * Scenes of projects as commands open them.
 *
 * @module
 */

import { checkedInteger } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import { type CameraView, lookAt, perspective } from "../../../geometry/mod.ts";
import { requestDevice } from "../../../gpu/mod.ts";
import { openProjectScene, type Project, type ProjectScene } from "../../../rvt/mod.ts";
import type { RenderCamera } from "../../../scene/mod.ts";
import { VirtualTextureSystem } from "../../../streaming/mod.ts";

/** Options of commands that open a scene. */
export const SCENE_OPTIONS = {
  scene: { type: "string" },
  memory: { type: "string" },
} as const;

/** For their help texts. */
export const SCENE_HELP = `  --scene NAME         the scene, if the project has more than one
  --memory MB          memory of virtual textures; default 512`;

/** Width and height of pictures. */
const VIEWPORT = [1280, 720] as const;
const NEAR = 0.05;
const FAR = 1e6;
/** Memory of virtual textures. */
const DEFAULT_MEMORY_MB = 512;

/** What is done with a scene, and with how much memory. */
export interface OpenedOptions {
  readonly project: Project;
  readonly scene: string | undefined;
  readonly memory: string | undefined;
  readonly scalabilityLevel?: string | undefined;
  /** Whether it is edited, so that nothing is said of baked low mips; default as it says of itself. */
  readonly isEdited?: boolean;
  readonly failure: string;
  readonly signal: AbortSignal;
}

/**
 * Opens a scene on a device and in a system of its own, says what is not as it should be of the baked low mips
 * of one that is played, does something with it, and closes all three.
 */
export async function withOpenedScene<Result>(
  { project, scene, memory, scalabilityLevel, isEdited = false, failure, signal }: OpenedOptions,
  use: (opened: ProjectScene) => Promise<Result>,
): Promise<Result> {
  const maxMemoryMb = memory === undefined
    ? DEFAULT_MEMORY_MB
    : numberOption(memory, { name: "--memory", failure, range: [1, 2 ** 20] });
  const { name } = project.scene(scene);
  using device = await requestDevice({ label: "project" });
  const told: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn(message: string) {
      told.push(message);
      console.warn(message);
    },
    error: (message: string) => console.error(message),
  };
  using system = new VirtualTextureSystem(device, {
    maxMemoryMb,
    logger,
    gpuMsPerUpdate: Infinity,
  });
  const level = scalabilityLevel === undefined ? {} : { scalabilityLevel };
  const shown = isEdited ? editedScene(project, name) : project;
  await using opened = await openProjectScene(shown, system, { scene: name, signal, ...level });
  if (opened.scene.mode === "game") {
    for (const text of opened.volumes.flatMap(({ warnings }) => warnings)) {
      if (!told.some((one) => text.startsWith(one))) console.warn(text);
    }
  }
  return await use(opened);
}

/** The same project, with a scene in the editor. */
function editedScene(project: Project, name: string): Project {
  const scenes = project.content.scenes.map((scene) =>
    scene.name === name
      ? { ...scene, options: { ...scene.options, mode: "editor" as const } }
      : scene
  );
  return project.withContent({ scenes });
}

/**
 * The camera of a scene, for pictures and for streaming; of one without, from above and the south of its first volume.
 *
 * @throws {OutOfRangeError} if the scene has neither a camera nor a volume.
 */
export function cameraOf(
  { json, volumes }: ProjectScene,
  failure: string,
): { readonly drawn: RenderCamera; readonly streamed: CameraView } {
  const [width, height] = VIEWPORT;
  const [volume] = volumes;
  const { camera } = json;
  if (camera === undefined && volume === undefined) {
    throw new OutOfRangeError(
      "camera",
      `${failure} as scene "${json.name}" must have a camera or a volume`,
    );
  }
  const { position, target, up = [0, 0, 1], fovYDegrees = 60 } = camera ??
    { ...aroundVolume(volume!.transform) };
  const projection = perspective({ fovYDegrees, aspect: width / height, near: NEAR, far: FAR });
  const matrices = { position, view: lookAt(position, target, { up }), projection };
  return {
    drawn: { ...matrices, width, height },
    streamed: { ...matrices, viewport: VIEWPORT },
  };
}

function aroundVolume(
  { position: [x, y, z], scale }: ProjectScene["volumes"][number]["transform"],
): NonNullable<ProjectScene["json"]["camera"]> {
  const reach = Math.max(scale[0], scale[1]);
  return { position: [x, y - 0.75 * reach, z + 0.6 * reach], target: [x, y, z] };
}

/**
 * An integer that stands for an option.
 *
 * @throws {OutOfRangeError} if it is not one.
 */
export function numberOption(
  text: string,
  options: {
    readonly name: string;
    readonly failure: string;
    readonly range: readonly [number, number];
  },
): number {
  return checkedInteger(/^\d+$/.test(text) ? Number(text) : NaN, options);
}
