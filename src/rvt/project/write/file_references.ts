/**
 * The pictures, meshes and textures that a project names, beside its JSON files. Pure.
 *
 * @module
 */

import type { ComponentJson, MeshJson } from "../json/component_json.ts";
import type { ProjectContent } from "../json/project_json.ts";
import { placeOfElement, type ProjectFiles } from "../read/mod.ts";
import type { Place } from "../schema/mod.ts";

/** A file that a project names, and where. */
export interface FileReference {
  readonly file: string;
  readonly place: Place;
  /** Whether it may not be there yet, as it is made later. */
  readonly isOutput?: boolean;
}

/** Every file that a project names, in order; some more than once. */
export function* fileReferences(
  content: ProjectContent,
  files: ProjectFiles,
): Generator<FileReference> {
  for (const list of ["textures", "streamedTextures"] as const) {
    for (const [index, { name, file }] of content[list].entries()) {
      yield { file, place: placeOfElement(files, { list, index, name }).at("file") };
    }
  }
  for (const [index, { name, components = [], volumes = [] }] of content.scenes.entries()) {
    const place = placeOfElement(files, { list: "scenes", index, name });
    for (const [i, { virtualTextureBuilder: file }] of volumes.entries()) {
      if (file === undefined) continue;
      yield { file, place: place.at("volumes").at(i).at("virtualTextureBuilder"), isOutput: true };
    }
    for (const [i, component] of components.entries()) {
      yield* componentFiles(component, place.at("components").at(i));
    }
  }
}

/** Every file that a component names. */
export function* componentFiles(component: ComponentJson, place: Place): Generator<FileReference> {
  switch (component.kind) {
    case "landscape": {
      const { picture, layers = {} } = component;
      if (picture !== undefined) {
        yield { file: picture.file, place: place.at("picture").at("file") };
      }
      for (const [name, layer] of Object.entries(layers)) {
        const at = place.at("layers").at(name);
        if (typeof layer === "string") yield { file: layer, place: at };
        else yield { file: layer.file, place: at.at("file") };
      }
      return;
    }
    case "animated_mesh":
      for (const [frame, mesh] of component.frames.entries()) {
        yield* meshFile(mesh, place.at("frames").at(frame));
      }
      return;
    case "static_mesh":
    case "instanced_static_mesh":
    case "skeletal_mesh":
      return yield* meshFile(component.mesh, place.at("mesh"));
    case "foliage":
      if (component.mesh !== undefined) yield* meshFile(component.mesh, place.at("mesh"));
  }
}

function* meshFile(
  mesh: MeshJson | readonly MeshJson[],
  place: Place,
): Generator<FileReference> {
  if (Array.isArray(mesh)) {
    for (const [lod, one] of mesh.entries()) yield* meshFile(one, place.at(lod));
  } else if ("file" in mesh) yield { file: mesh.file, place: place.at("file") };
}
