/**
 * Fuzzer of GLB files: container, JSON, and the numbers of meshes.
 *
 * @module
 */

import { Finding, type Fuzzer, type Verdict } from "../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, UnsupportedError } from "../../src/errors.ts";
import { type GlbMesh, loadGlb, readGlbBounds } from "../../src/rvt/component/mod.ts";
import { memorySource } from "../../src/sources/mod.ts";
import {
  glbFile,
  triangleBinary,
  type TriangleJson,
  triangleJson,
} from "../rvt/component/glb_helpers.ts";
import { changedJson } from "./glb/change_json.ts";
import { type GlbOpinion, judgeGlb } from "./glb/judge.ts";
import { fieldRow, type Sample } from "./inputs/fields.ts";
import { Choices, mutate } from "./inputs/mutate.ts";

/** Nodes of valid files, by the file's name. */
const SAMPLES: Readonly<Record<string, Partial<TriangleJson>>> = {
  "one node": {},
  "nodes below nodes": {
    nodes: [
      { children: [1, 2], translation: [1, 2, 3], rotation: [0, 0.6, 0, 0.8] },
      { mesh: 0, scale: [1, 2, -1] },
      { mesh: 0, name: "flag" },
    ],
  },
  "a hidden node": { nodes: [{ mesh: 0 }, { mesh: 0 }] },
  "stated bounds": {
    accessors: triangleJson().accessors.map((one) => ({ ...one, min: [0, 0, 0], max: [1, 2, 0] })),
  },
  skinned: { nodes: [{ mesh: 0, skin: 0, translation: [1, 1, 1] }], skins: [{ joints: [0] }] },
};

const HEADER = ["magic", "version", "length", "length of JSON", "kind of JSON"];
const HEADER_BYTES = 20;

function sampleOf(choices: Choices, isChanged: boolean): Sample {
  const name = choices.one(Object.keys(SAMPLES));
  const text = JSON.stringify({ ...triangleJson(), ...SAMPLES[name] });
  const bytes = glbFile(isChanged ? changedJson(choices, text) : text, triangleBinary());
  const binaryAt = bytes.length - triangleBinary().length - 8;
  const fields = [
    ...fieldRow(HEADER, 0, 4),
    ...fieldRow(["length of binary", "kind of binary"], binaryAt, 4),
  ];
  return { name, bytes, fields, headerBytes: HEADER_BYTES };
}

function checkMeshes({ meshes: expected, reason, isValid }: GlbOpinion, found: GlbMesh[]): void {
  if (isValid === false) throw new Finding("wrong accept", `breaks the rule: ${reason}`);
  if (expected === null) return;
  if (found.length !== expected.length) {
    throw new Finding("wrong texels", `${found.length} meshes instead of ${expected.length}`);
  }
  found.forEach(({ mesh: { positions, indices } }, mesh) => {
    const corners: number[] = [];
    for (let i = 0; i < indices.length; i += 3) {
      for (const index of [...indices.subarray(i, i + 3)].sort((a, b) => a - b)) {
        corners.push(...positions.subarray(3 * index, 3 * index + 3));
      }
    }
    const isSame = corners.length === expected[mesh]!.length &&
      corners.every((part, i) => {
        const wanted = expected[mesh]![i]!;
        return Math.abs(part - wanted) <= 1e-5 * (1 + Math.max(...expected[mesh]!.map(Math.abs)));
      });
    if (!isSame) throw new Finding("wrong texels", `mesh ${mesh}: ${corners}`);
  });
}

/** Where an error arose if not in the platform, whose errors of damaged text are `TypeError`s. */
const SLIPPED = /\/(src|tests)\/|gltf-transform/;

/** A fuzzer of a reader of meshes. */
export function glbFuzzer(load: typeof loadGlb): Fuzzer {
  return {
    name: "glb",
    description: "GLB files: container, JSON and the numbers of meshes",
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      const isChanged = choices.chance(0.6);
      const sample = sampleOf(choices, isChanged);
      if (isChanged && choices.chance(0.7)) {
        return { sample: sample.name, bytes: sample.bytes, edits: [] };
      }
      return mutate(choices, sample, sampleOf(choices, false));
    },
    async tryBytes(bytes): Promise<Verdict> {
      const opinion = judgeGlb(bytes);
      const names = await namesByJson(bytes);
      try {
        const meshes = await load(bytes, { name: "fuzz.glb" });
        checkMeshes(opinion, meshes);
        checkNames(names, meshes);
        return "accepted";
      } catch (error) {
        checkRefusal(error);
        return "refused";
      }
    },
    allowedBytes: (bytes) => 256 * bytes.length + 2 ** 24,
  };
}

/** Names of the meshes whose bounds the JSON may tell; null if it is refused. */
async function namesByJson(bytes: Uint8Array): Promise<string[] | null> {
  try {
    const options = { name: "fuzz.glb", mostBytes: bytes.length };
    return (await readGlbBounds(memorySource(bytes), options)).meshes.map(({ name }) => name);
  } catch (error) {
    checkRefusal(error);
    return null;
  }
}

function checkNames(names: readonly string[] | null, meshes: readonly GlbMesh[]): void {
  if (names === null) throw new Finding("wrong refusal", "bounds of meshes that can be loaded");
  if (names.join() === meshes.map(({ name }) => name).join()) return;
  throw new Finding("wrong texels", `bounds of ${names}`);
}

/** Throws what is no refusal. */
function checkRefusal(error: unknown): void {
  if (!(error instanceof MalformedFileError || error instanceof UnsupportedError)) throw error;
  checkCause(error);
}

/** Throws if a refusal hides a slip of the library's own code or of the loader that it uses. */
function checkCause({ message, cause }: Error): void {
  if (!(cause instanceof TypeError || cause instanceof ReferenceError) || "code" in cause) return;
  const place = cause.stack?.split("\n").find((line) => line.startsWith("    at ")) ?? "";
  if (!SLIPPED.test(place)) return;
  throw new Finding("untyped error", `${message}: ${cause.stack}`, { cause });
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = glbFuzzer(loadGlb);
