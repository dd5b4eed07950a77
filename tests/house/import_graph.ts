/**
 * Who imports whom among the files of a tree, worker addresses and `import()` included.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/** Files by path, with forward slashes, from the tree's root. */
export type SourceTree = ReadonlyMap<string, string>;

/** Imports of each file: paths of files in the same tree. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The floors: each may import from those before it. A file outside a folder is its own floor. */
export const FLOORS: readonly string[] = [
  "errors.ts",
  "checks.ts",
  "exit_codes.ts",
  "waiting.ts",
  "deno_runtime.ts",
  "cache_folder.ts",
  "picture_variables.ts",
  "text_table.ts",
  "texels",
  "geometry",
  "tiles",
  "residency",
  "sources",
  "gpu",
  "bake",
  "streaming",
  "rvt",
  "scene",
  "python",
  "cli",
  "file_api.ts",
  "project_api.ts",
  "mod.ts",
];

/** Floors that are not part of the public API. */
const NOT_PUBLIC: readonly string[] = ["python", "cli"];

/** Reads every TypeScript file below a folder. */
export function readTree(folder: string): SourceTree {
  const tree = new Map<string, string>();
  if (!existsSync(folder)) return tree;
  for (const entry of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const path = entry.replaceAll("\\", "/");
    if (path.endsWith(".ts")) tree.set(path, readFileSync(join(folder, entry), "utf8"));
  }
  return tree;
}

const IMPORT_PATTERNS: readonly RegExp[] = [
  /\b(?:import|export)\b[^;'"`]*?\bfrom\s*["']([^"']+)["']/g,
  /\bimport\s*["']([^"']+)["']/g,
  /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g,
  /\bnew\s+URL\s*\(\s*["'`]([^"'`]+)["'`]\s*,\s*import\.meta\.url\s*,?\s*\)/g,
  /\bimport\.meta\.resolve\s*\(\s*["'`]([^"'`]+)["'`]/g,
];

/** The graph of a tree's relative imports of TypeScript files. */
export function importGraph(tree: SourceTree): ImportGraph {
  const graph = new Map<string, string[]>();
  for (const [path, text] of tree) {
    const code = withoutComments(text);
    const imports = new Set<string>();
    for (const pattern of IMPORT_PATTERNS) {
      for (const match of code.matchAll(pattern)) {
        const target = match[1]!;
        if (!target.startsWith(".") || !target.endsWith(".ts")) continue;
        imports.add(posix.normalize(posix.join(dirname(path), target)));
      }
    }
    graph.set(path, [...imports]);
  }
  return graph;
}

/** The floor that a file lies on. */
export function floorOf(path: string): string {
  return path.split("/")[0]!;
}

/** What breaks the order of the floors, one sentence each. */
export function floorBreaches(graph: ImportGraph, floors: readonly string[] = FLOORS): string[] {
  const breaches: string[] = [];
  for (const [path, imports] of graph) {
    const floor = floorOf(path);
    const rank = floors.indexOf(floor);
    if (rank < 0) breaches.push(`${path} lies on no floor`);
    for (const target of imports) {
      const targetFloor = floorOf(target);
      const targetRank = floors.indexOf(targetFloor);
      if (target.startsWith("..")) breaches.push(`${path} imports ${target} outside the tree`);
      else if (targetRank < 0) breaches.push(`${path} imports ${target}, which lies on no floor`);
      else if (floor === "mod.ts" && NOT_PUBLIC.includes(targetFloor)) {
        breaches.push(`${path} imports ${target}, which is not public`);
      } else if (targetRank > rank) breaches.push(`${path} imports ${target} from a later floor`);
      else if (
        targetRank < rank && target.includes("/") && !target.endsWith(`${targetFloor}/mod.ts`)
      ) {
        breaches.push(`${path} imports ${target} past the floor's mod.ts`);
      }
    }
  }
  return breaches;
}

/** Cycles of imports, each as the paths on it, the first repeated at the end. */
export function importCycles(graph: ImportGraph): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  function visit(path: string): void {
    if (finished.has(path)) return;
    const at = trail.indexOf(path);
    if (at >= 0) {
      cycles.push([...trail.slice(at), path]);
      return;
    }
    trail.push(path);
    for (const target of graph.get(path) ?? []) visit(target);
    trail.pop();
    finished.add(path);
  }
  for (const path of graph.keys()) visit(path);
  return cycles;
}

/**
 * The text without comments. Strings keep what looks like one, which the pattern takes whole.
 */
export function withoutComments(text: string): string {
  const pattern =
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replaceAll(pattern, (_whole, string: string | undefined) => string ?? " ");
}
