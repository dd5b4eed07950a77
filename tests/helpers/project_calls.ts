/**
 * Every function and method of projects, checks and inspections with arguments that are right.
 *
 * @module
 */

import * as forge3d from "../../src/mod.ts";
import type { CallWorld, PublicCall } from "./public_calls.ts";

const CONTENT = {
  name: "project",
  assets: [{ name: "Ground" }],
  scenes: [{ name: "Main", volumes: [] }],
  scalability: { low: {} },
};

/** Every call. */
export function projectCalls({ system, scene, folder }: CallWorld): readonly PublicCall[] {
  const project = new forge3d.Project(CONTENT);
  const { asset } = scene.volumes[0]!;
  const parts = { components: [], volumes: [...scene.volumes] };
  const call = (name: string, made: unknown, ...args: unknown[]): PublicCall => ({
    name,
    args: () => args,
    call: made as PublicCall["call"],
  });
  return [
    call("new Project", (options: never) => new forge3d.Project(options), CONTENT),
    call("Project.withContent", project.withContent.bind(project), { name: "other" }),
    call("Project.scene", project.scene.bind(project), "Main"),
    call("checkProject", forge3d.checkProject, project, {}),
    call("checkScene", forge3d.checkScene, parts),
    call("describeScene", forge3d.describeScene, parts, { name: "Main" }),
    call("findMaterials", forge3d.findMaterials, project, "Ground"),
    call("fixMaterials", forge3d.fixMaterials, project, "Ground"),
    call("inspectTile", forge3d.inspectTile, scene, asset, { level: 0, x: 0, y: 0 }),
    call("loadProject", forge3d.loadProject, `${folder}/project`),
    call("openProjectScene", openAndClose, project, system, { scalabilityLevel: "low" }),
    // Whatever folder is named, it lies in that of the test.
    call("saveProject", saveInside, project, "project", { overwrite: true }),
  ];

  function saveInside(saved: never, to: unknown, options: never): Promise<string[]> {
    const isName = typeof to === "string" && to !== "";
    return forge3d.saveProject(saved, (isName ? `${folder}/${to}` : to) as string, options);
  }
}

async function openAndClose(...args: never[]): Promise<void> {
  const open = forge3d.openProjectScene as (...args: never[]) => Promise<forge3d.ProjectScene>;
  const opened = await open(...args);
  await opened.close();
}
