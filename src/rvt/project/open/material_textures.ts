/**
 * The plain textures of a project.
 *
 * @module
 */

import { describeTexture } from "../../low_mips/mod.ts";
import { loadMaterialTexture, MaterialTexture } from "../../material/mod.ts";
import { placeIn, type Project } from "../project.ts";
import { atPlace } from "./at_place.ts";
import { withoutSchema } from "./build_materials.ts";
import type { FileContents } from "./file_contents.ts";
import type { SceneInputs } from "./scene_inputs.ts";

/** Makes textures that are described by the content of their files, read or not. */
export class MaterialTextures {
  readonly #project: Project;
  readonly #files: SceneInputs;
  readonly #contents: FileContents;

  /** Borrows what reads files and what tells them apart. */
  constructor(
    project: Project,
    { files, contents }: { readonly files: SceneInputs; readonly contents: FileContents },
  ) {
    this.#project = project;
    this.#files = files;
    this.#contents = contents;
  }

  /**
   * Reads a texture.
   *
   * @param index Its number in the project.
   * @throws {FileError} if its picture is missing.
   * @throws {MalformedFileError} if that is not valid.
   * @throws {UnsupportedError} if it needs what is not supported.
   */
  async load(index: number): Promise<MaterialTexture> {
    const { file, options, place } = this.#describe(index);
    const input = await this.#files.pictureInput(file, place);
    const texture = await atPlace(place, () => loadMaterialTexture(input, options));
    return await this.#described(texture, index);
  }

  /**
   * A texture of one texel that is described as the one that is read.
   *
   * @throws {FileError} if its picture is missing.
   */
  async standIn(index: number): Promise<MaterialTexture> {
    const { options: { name } } = this.#describe(index);
    const texels = new Uint8Array(4);
    return await this.#described(
      new MaterialTexture({ name, width: 1, height: 1, texels }),
      index,
    );
  }

  async #described(texture: MaterialTexture, index: number): Promise<MaterialTexture> {
    const { file, options: { name: _, ...options }, place } = this.#describe(index);
    const content = await this.#contents.identityOf(file, place);
    const settings = Object.entries(options).sort(([one], [other]) => one < other ? -1 : 1);
    describeTexture(texture, JSON.stringify([content, settings]));
    return texture;
  }

  #describe(index: number) {
    const { file, ...options } = withoutSchema(this.#project.content.textures[index]!);
    const place = placeIn(this.#project, "textures", index).at("file");
    return { file, options, place };
  }
}
