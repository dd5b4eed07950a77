/**
 * Streaming virtual textures as JSON, with names of their own: those that they have are paths of a machine.
 *
 * @module
 */

import type { LoadedFile, StreamedTexture } from "../../../streaming/mod.ts";
import type { StreamedTextureJson } from "../json/project_json.ts";
import type { DescribedFiles } from "./described_files.ts";

const FOLDER = "textures";

/** Streaming virtual textures of a project. */
export interface DescribedStreamedTextures {
  /** In their order. */
  readonly list: readonly StreamedTextureJson[];
  /** What the project calls them, by the names that they have in materials and landscapes. */
  readonly names: ReadonlyMap<string, string>;
}

/** Describes them, and adds their files. */
export function describeStreamedTextures(
  textures: ReadonlyMap<StreamedTexture, LoadedFile>,
  files: DescribedFiles,
): DescribedStreamedTextures {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const list = [...textures].map(([texture, { path, ...read }]): StreamedTextureJson => {
    const file = files.addCopy(FOLDER, path);
    const base = file.slice(file.lastIndexOf("/") + 1).replace(/(?<=.)\.[^.]*$/, "");
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    names.set(texture.name, name);
    return { name, file, ...read };
  });
  return { list, names };
}

/** A project, with its own names of streaming virtual textures in materials and landscapes. */
export function withProjectNames<Content>(
  content: Content,
  names: ReadonlyMap<string, string>,
): Content {
  const named = (of: { readonly texture: string }) =>
    names.has(of?.texture) ? { ...of, texture: names.get(of.texture) } : of;
  const text = JSON.stringify(content, (_, value) => {
    if (value?.kind === "virtual_texture_sample") return named(value);
    if (value?.kind !== "landscape" || value.heightTexture === undefined) return value;
    return { ...value, heightTexture: named(value.heightTexture) };
  });
  return JSON.parse(text);
}
