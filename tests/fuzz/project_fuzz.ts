/**
 * Fuzzer of projects: their JSON, and what scenes are made of it.
 *
 * @module
 */

import { Ajv2020 } from "ajv/dist/2020.js";
import { Finding, type Fuzzer, type Verdict } from "../../src/cli/fuzz/fuzzer.ts";
import {
  FileError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../src/errors.ts";
import {
  type DeferredComponent,
  loadProject,
  type Project,
  type ProjectContent,
} from "../../src/rvt/mod.ts";
import { assembleScene } from "../../src/rvt/project/mod.ts";
import { COMPONENTS, sampleContent } from "../rvt/project/sample_project.ts";
import { changedJson } from "./glb/change_json.ts";
import { Choices } from "./inputs/mutate.ts";

const SCHEMA = JSON.parse(
  await Deno.readTextFile(new URL("../../src/rvt/project/project.schema.json", import.meta.url)),
);
const isOfSchema = new Ajv2020({ strict: true, strictTypes: false }).compile(SCHEMA);

/** Kinds whose bounds are known before they are loaded. */
const DEFERRED: readonly string[] = ["instanced_static_mesh", "foliage", "decal", "animated_mesh"];

/** A project that needs no other files. */
function sampleText(): string {
  const { scenes, materials, ...content } = sampleContent();
  const [main] = scenes;
  const components = COMPONENTS.map((component) => {
    if (component.kind === "landscape") {
      const { picture: _, layers: _layers, ...rest } = component;
      return { ...rest, width: 3, height: 3, heights: [0, 1, 0, 1, 2, 1, 0, 1, 0] };
    }
    return component.kind === "static_mesh" ? { ...component, mesh: { shape: "box" } } : component;
  });
  const plain = {
    ...content,
    materials: materials.filter(({ name }) => name !== "Road"),
    scenes: [{
      ...main,
      components: components.map((one) => ({
        ...one,
        material: "Meadow",
        ...(DEFERRED.includes(one.kind) ? { deferred: {} } : {}),
      })),
    }],
  };
  return JSON.stringify({ format: "forge3d project", version: 1, ...plain } as ProjectContent);
}

const SAMPLE = sampleText();

/** Loads a project, and makes the parts of its scenes. */
export type ReadProject = (path: string) => Promise<Project>;

async function readWhole(path: string): Promise<Project> {
  const project = await loadProject(path);
  for (const scene of project.content.scenes) {
    const { deferredComponents } = await assembleScene(project, scene, {
      streamedTexture: () =>
        Promise.reject(new UnsupportedError("streaming", "Cannot stream here")),
    });
    const stated = (scene.components ?? []).flatMap(({ deferred }) =>
      deferred === undefined ? [] : [deferred.bounds !== undefined]
    );
    for (const [index, deferred] of deferredComponents.entries()) {
      await loadWithin(deferred, stated[index]!);
    }
  }
  return project;
}

/** Loads a component, which may reach beyond bounds that are stated, and beyond no others. */
async function loadWithin(deferred: DeferredComponent, isStated: boolean): Promise<void> {
  try {
    await deferred.load();
  } catch (error) {
    if (!(error instanceof OutOfRangeError) || error.argument !== "bounds") throw error;
    if (!isStated) throw new Finding("wrong refusal", error.message);
  }
}

/** A fuzzer of a reader of projects. */
export function projectFuzzer(read: ReadProject): Fuzzer {
  return {
    name: "project",
    description: "projects: JSON files, and the parts of their scenes",
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      const text = choices.chance(0.05) ? SAMPLE : changedJson(choices, SAMPLE);
      const bytes = new TextEncoder().encode(text);
      return { sample: text === SAMPLE ? "as it is" : "changed", bytes, edits: [] };
    },
    async tryBytes(bytes): Promise<Verdict> {
      const folder = await Deno.makeTempDir();
      try {
        await Deno.writeFile(`${folder}/project.json`, bytes);
        await read(folder);
      } catch (error) {
        const kinds = [MalformedFileError, FileError, UnsupportedError];
        if (!kinds.some((kind) => error instanceof kind)) throw error;
        if (new TextDecoder().decode(bytes) !== SAMPLE) return "refused";
        throw new Finding("wrong refusal", `the sample is valid: ${(error as Error).message}`);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
      if (!isOfSchema(JSON.parse(new TextDecoder().decode(bytes)))) {
        throw new Finding("wrong accept", JSON.stringify(isOfSchema.errors?.[0]));
      }
      return "accepted";
    },
    allowedBytes: (bytes) => 256 * bytes.length + 2 ** 26,
  };
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = projectFuzzer(readWhole);
