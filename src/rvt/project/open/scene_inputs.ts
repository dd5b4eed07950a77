/**
 * The files that a scene of a project is made from, each read once.
 *
 * @module
 */

import { FileError } from "../../../errors.ts";
import type { Mesh } from "../../../geometry/mod.ts";
import {
  memorySource,
  openFileSource,
  type PictureInfo,
  type PictureInput,
  readPictureInfo,
} from "../../../sources/mod.ts";
import { type GlbMesh, type GlbMeshBounds, loadGlb, readGlbBounds } from "../../component/mod.ts";
import { VirtualTextureBuilder } from "../../low_mips/mod.ts";
import type { MeshJson } from "../json/component_json.ts";
import type { Project } from "../project.ts";
import type { ProjectFolder } from "../read/mod.ts";
import { type Place, PROJECT_LIMITS } from "../schema/mod.ts";
import { keptFiles, refuseBuilder } from "../write/builder_files.ts";
import { atPlace } from "./at_place.ts";

/** Reads files of a project, as many as one scene may have. */
export class SceneInputs {
  readonly #project: Project;
  readonly #meshes = new Map<string, Promise<GlbMesh[]>>();
  readonly #builders = new Set<string>();
  #kept: Promise<ReadonlySet<string>> | null = null;
  #meshBytes = 0;
  readonly #lods = new Map<string, Promise<readonly Mesh[]>>();
  #simplifiedTriangles = 0;
  readonly #meshBounds = new Map<string, Promise<readonly GlbMeshBounds[]>>();
  #headerBytes = 0;
  readonly #texelsAt = new Map<string, number>();
  #pictureTexels = 0;

  constructor(project: Project) {
    this.#project = project;
  }

  /**
   * The real path of a file.
   *
   * @throws {FileError} if it is missing.
   * @throws {MalformedFileError} if it lies outside of the project's folder.
   */
  async realPathOf(file: string, place: Place): Promise<string> {
    const { source, files } = this.#project;
    const elsewhere = files.copies.get(file);
    if (elsewhere !== undefined) return elsewhere;
    if (source !== null) return await source.realPathOf(file, place);
    throw new FileError(
      "file-not-found",
      file,
      `Cannot read project as ${place} names ${file}, and the project was made in code, without files`,
    );
  }

  /**
   * What holds baked low mips; in memory if the project was made in code, without files.
   *
   * @throws As {@linkcode realPathOf} does, but for a file that is missing.
   * @throws {MalformedFileError} if links lead to another file of the project, or to that of another volume.
   */
  async builderOf(file: string, place: Place): Promise<VirtualTextureBuilder> {
    const { source, files } = this.#project;
    const bytes = files.data.get(file);
    if (bytes !== undefined) return new VirtualTextureBuilder({ name: file, bytes });
    if (source === null) return new VirtualTextureBuilder({ name: file });
    const path = await source.outputPathOf(file, place);
    if (this.#builders.has(path)) {
      place.refuse("must be a file that no other volume of the scene has", file);
    }
    this.#builders.add(path);
    this.#kept ??= this.#keptPaths(source);
    if ((await this.#kept).has(path)) refuseBuilder(place, file);
    return new VirtualTextureBuilder({ name: file, path });
  }

  /** Real paths of all files that no build may replace; of those that are missing others tell. */
  async #keptPaths(source: ProjectFolder): Promise<ReadonlySet<string>> {
    const { content, files } = this.#project;
    const kept = new Map([...keptFiles(content, files)].map(({ file, place }) => [file, place]));
    const paths = new Set<string>();
    for (const [file, place] of kept) {
      const path = await source.realPathOf(file, place).catch(() => null);
      if (path !== null) paths.add(path);
    }
    return paths;
  }

  /**
   * A picture, to be decoded as a whole.
   *
   * @throws As {@linkcode realPathOf} does.
   * @throws {MalformedFileError} if it is not a picture, or all together have too many texels.
   */
  async pictureInput(file: string, place: Place): Promise<PictureInput> {
    const input = this.#project.files.data.get(file) ?? await this.realPathOf(file, place);
    const { width, height } = await atPlace(place, () => readPictureInfo(input));
    const key = `${place}`;
    // A deferred component may be loaded again.
    this.#pictureTexels += width * height - (this.#texelsAt.get(key) ?? 0);
    this.#texelsAt.set(key, width * height);
    if (this.#pictureTexels <= PROJECT_LIMITS.pictureTexels) return input;
    throw place.error(
      `names ${file}, with which pictures have more than ${PROJECT_LIMITS.pictureTexels} texels`,
    );
  }

  /**
   * What the header of a picture says.
   *
   * @throws As {@linkcode realPathOf} does.
   * @throws {MalformedFileError} if it is not a picture.
   */
  async pictureInfoOf(file: string, place: Place): Promise<PictureInfo> {
    const input = this.#project.files.data.get(file) ?? await this.realPathOf(file, place);
    return await atPlace(place, () => readPictureInfo(input));
  }

  /**
   * Names and bounds of the meshes of a GLB file, by its JSON.
   *
   * @throws As {@linkcode realPathOf} does.
   * @throws {MalformedFileError} if it is not a GLB file, or the JSON of all together has too many bytes.
   * @throws {UnsupportedError} if it needs what is not supported.
   */
  async meshBoundsOf(file: string, place: Place): Promise<readonly GlbMeshBounds[]> {
    let bounds = this.#meshBounds.get(file);
    if (bounds === undefined) {
      this.#meshBounds.set(file, bounds = this.#readMeshBounds(file, place));
    }
    return await bounds;
  }

  async #readMeshBounds(file: string, place: Place): Promise<readonly GlbMeshBounds[]> {
    const data = this.#project.files.data.get(file);
    const bytes = data === undefined
      ? await openFileSource(await this.realPathOf(file, place))
      : memorySource(data);
    try {
      const mostBytes = PROJECT_LIMITS.meshBytes - this.#headerBytes;
      const { meshes, jsonBytes } = await atPlace(
        place,
        () => readGlbBounds(bytes, { name: file, mostBytes }),
      );
      this.#headerBytes += jsonBytes;
      return meshes;
    } finally {
      bytes.close();
    }
  }

  /**
   * The meshes of a GLB file.
   *
   * @throws As {@linkcode realPathOf} does.
   * @throws {MalformedFileError} if it is not a GLB file, or all together have too many bytes.
   * @throws {UnsupportedError} if it needs what is not supported.
   */
  async meshesOf(file: string, place: Place): Promise<GlbMesh[]> {
    let meshes = this.#meshes.get(file);
    if (meshes === undefined) this.#meshes.set(file, meshes = this.#loadMeshes(file, place));
    try {
      return await meshes;
    } catch (error) {
      // A deferred component may be asked for again.
      if (this.#meshes.get(file) === meshes) this.#meshes.delete(file);
      throw error;
    }
  }

  /**
   * The levels of detail of a mesh, made once for each description.
   *
   * @param make Makes them, if nobody has.
   */
  async lodsOf(json: MeshJson, make: () => Promise<readonly Mesh[]>): Promise<readonly Mesh[]> {
    const key = JSON.stringify(json, Object.keys(json).sort());
    let lods = this.#lods.get(key);
    if (lods === undefined) this.#lods.set(key, lods = make());
    try {
      return await lods;
    } catch (error) {
      // Another component, which names it elsewhere, or a deferred one may ask again.
      if (this.#lods.get(key) === lods) this.#lods.delete(key);
      throw error;
    }
  }

  /**
   * Counts triangles that are to be simplified.
   *
   * @throws {MalformedFileError} if all together are too many.
   */
  countSimplified(triangles: number, place: Place): void {
    const most = PROJECT_LIMITS.simplifiedTriangles;
    this.#simplifiedTriangles += triangles;
    if (this.#simplifiedTriangles <= most) return;
    const all = this.#simplifiedTriangles;
    this.#simplifiedTriangles -= triangles;
    throw place.error(
      `must leave its scene at most ${most} triangles of levels of detail that are made: with it, ` +
        `there are ${all}`,
    );
  }

  async #loadMeshes(file: string, place: Place): Promise<GlbMesh[]> {
    const { files, source } = this.#project;
    const left = PROJECT_LIMITS.meshBytes - this.#meshBytes;
    const data = files.data.get(file);
    if (data === undefined && source === null) await this.realPathOf(file, place);
    const bytes = data ?? await source!.readBytes(file, place, left);
    this.#meshBytes += bytes.length;
    try {
      // Others may have been read meanwhile.
      if (this.#meshBytes > PROJECT_LIMITS.meshBytes) {
        throw place.error(
          `names ${file}, with which GLB files have more than ${PROJECT_LIMITS.meshBytes} bytes`,
        );
      }
      return await atPlace(place, () => loadGlb(bytes, { name: file }));
    } catch (error) {
      this.#meshBytes -= bytes.length;
      throw error;
    }
  }
}
