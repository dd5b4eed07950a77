/**
 * What each task may do, as the table of `SECURITY.md`.
 *
 * @module
 */

import { TASKS } from "../commands.ts";
import type { TaskContext } from "../task_context.ts";

/** Stands for each place; the table's legend says what each is. */
const PLACES: TaskContext = {
  project: "/PROJECT",
  working: "/HERE",
  denoCache: "/DENO_DIR",
  cache: "/CACHE",
  temporary: "/TMP",
  homes: ["/HOME"],
  deno: "/BIN/deno",
  hasLoaderVariables: false,
  decoder: { socket: "/DECODER", decoded: "/DECODED" },
};

/** Command lines for the table: what a task may do can depend on them. */
const LINES: readonly { readonly line: readonly string[]; readonly why: string }[] = [
  { line: ["py", "SCRIPT"], why: "runs what somebody else may have written" },
  { line: ["vt", "info", "FILE"], why: "reads what it is told of" },
  { line: ["vt", "info", "-"], why: "reads what standard input tells it of" },
  {
    line: ["vt", "bake", "FILE", "-o", "OUT/FILE"],
    why: "writes beside its output until it is whole",
  },
  { line: ["vt", "rvt", "check", "FILE"], why: "reads the project's folder; writes nothing to it" },
  {
    line: ["vt", "rvt", "build", "FILE"],
    why: "writes baked low mips, and the project's JSON files where they are named",
  },
  {
    line: ["vt", "rvt", "fix-materials", "ASSET", "--project", "FILE"],
    why: "writes the project's JSON files",
  },
  {
    line: ["vt", "rvt", "run", "FILE", "-o", "OUT/FILE"],
    why: "bakes pictures that it streams, and writes beside its output until it is whole",
  },
  { line: ["vt", "doctor"], why: "looks at the adapter and at caches" },
  { line: ["vt", "cache", "clear"], why: "removes baked textures, those of earlier versions too" },
  { line: ["demo"], why: "starts `deno task py`, which may do what the launcher may" },
  { line: ["demo:rvt", "--out", "OUT"], why: "asks Deno to fetch a picture" },
  { line: ["bench"], why: "starts Deno anew for each benchmark" },
  {
    line: ["fuzz"],
    why: "starts Deno anew to survive what readers do, and decodes pictures there",
  },
  { line: ["soak"], why: "looks at its own memory and open files; bakes into a temporary folder" },
  { line: ["test"], why: "starts tests, other programs, and installs what a lane lacks" },
  { line: ["ok"], why: "the same, and the tools that check the sources" },
];

const KINDS = ["read", "write", "net", "run", "ffi", "sys"] as const;

/** The table, in Markdown. */
export function permissionTable(): string {
  const head = ["task", "reads", "writes", "network", "programs", "native code", "system", "why"];
  const rows = LINES.map(({ line, why }) => {
    const [name = "", ...args] = line;
    const flags = TASKS[name]!.permissions(PLACES, args);
    return [`\`${line.join(" ")}\``, ...KINDS.map((kind) => cell(flags, kind)), why];
  });
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n");
}

function cell(flags: readonly string[], kind: string): string {
  if (flags.includes(`--allow-${kind}`)) return "all";
  const prefix = `--allow-${kind}=`;
  const items = flags.filter((flag) => flag.startsWith(prefix))
    .flatMap((flag) => flag.slice(prefix.length).split(","));
  if (kind === "run" && items.length > 0) return "Deno: **every right**";
  return items.length === 0 ? "–" : textOfPlaces(items);
}

/** Each place once, without the slash that makes a path of it. */
function textOfPlaces(items: readonly string[]): string {
  return [...new Set(items)].map((item) => `\`${item.replace(/^(unix:)?\//, "$1")}\``).join(", ");
}
