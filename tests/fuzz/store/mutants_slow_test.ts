import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FindingRecord } from "../../../src/cli/fuzz/fuzzer.ts";
import type { runWatched } from "../../../src/cli/fuzz/watched_run.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const READER = "src/sources/tile_store";
const DIRECTORY = `${READER}/archive/tile_directory.ts`;
const HEADER = `${READER}/archive/archive_header.ts`;
const RUNS = 2000;

/** One line of the reader, what it is changed to, and the fault that must be found then. */
const MUTANTS: readonly {
  readonly what: string;
  readonly file: string;
  readonly line: string;
  readonly changed: string;
  readonly fault: string;
}[] = [
  {
    what: "entries may lie outside of their section",
    file: DIRECTORY,
    line: "length === 0 || offset + length > end",
    changed: "length === 0",
    fault: "wrong accept",
  },
  {
    what: "bytes may follow the last entry",
    file: DIRECTORY,
    line: "if (!reader.isAtEnd)",
    changed: "if (false)",
    fault: "wrong accept",
  },
  {
    what: "runs may overlap and leave the zooms",
    file: DIRECTORY,
    line: "tileId + Math.max(1, runLength) > this.endOf(index)",
    changed: "false",
    fault: "wrong accept",
  },
  {
    what: "sections may overlap",
    file: HEADER,
    line: "if (offset < end)",
    changed: "if (false)",
    fault: "wrong accept",
  },
  {
    what: "the zooms may be any",
    file: HEADER,
    line: "if (!agrees)",
    changed: "if (false)",
    fault: "wrong accept",
  },
  {
    what: "the list of levels may be any",
    file: `${READER}/metadata/parse_metadata.ts`,
    line: "check(agrees,",
    changed: "check(true,",
    fault: "wrong accept",
  },
  {
    what: "metadata may be nested as deep as it likes",
    file: `${READER}/metadata/metadata_scan.ts`,
    line: "this.#depth <= MAX_METADATA_DEPTH",
    changed: "true",
    fault: "wrong accept",
  },
  {
    what: "metadata may have as many tokens as it likes",
    file: `${READER}/metadata/metadata_scan.ts`,
    line: "++this.#tokens <= MAX_METADATA_TOKENS",
    changed: "true",
    fault: "wrong accept",
  },
  {
    what: "checksums do not count",
    file: `${READER}/tile_file.ts`,
    line: "if (current.every((byte, i) => byte === wanted[i])) return null;",
    changed: "if (current.length > 0) return null;",
    fault: "wrong accept",
  },
  {
    what: "the header of a tile may be any",
    file: `${READER}/tile_file.ts`,
    line: "if (fault !== null) return rule(fault);",
    changed: "",
    fault: "wrong accept",
  },
  {
    what: "leaf directories are refused",
    file: DIRECTORY,
    line: "if (isLeaf && leafBytes === 0)",
    changed: "if (isLeaf)",
    fault: "wrong refusal",
  },
  {
    what: "the reader falls over a directory without entries",
    file: DIRECTORY,
    line: "if (count === 0) throw",
    changed: "if (count === 0) (null as never)['entry']; if (count === 0) throw",
    fault: "untyped error",
  },
];

Deno.test("negative control: a reader of stores that lacks a check is found out", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "forge3d-mutants-"));
  try {
    for (const part of ["src", "shaders", "tests/fuzz", "tests/sources", "tests/helpers"]) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    for (const part of ["deno.json", "deno.lock"]) cpSync(join(ROOT, part), join(folder, part));
    await t.step("none in the reader as it is", async () => {
      assert.deepEqual(await findings(folder), []);
    });
    for (const { what, file, line, changed, fault } of MUTANTS) {
      await t.step(`${what}: ${fault}`, async () => {
        const path = join(folder, file);
        const text = readFileSync(path, "utf8");
        assert.equal(text.split(line).length, 2, `${file} has the line once: ${line}`);
        writeFileSync(path, text.replace(line, () => changed));
        const found = await findings(folder);
        writeFileSync(path, text);
        assert.ok(found.some((finding) => finding.fault === fault), JSON.stringify(found[0]));
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What a run finds in the reader of a folder. */
async function findings(folder: string): Promise<FindingRecord[]> {
  const found: FindingRecord[] = [];
  // The folder's own, so that the child knows the folder's findings.
  const path = pathToFileURL(join(folder, "src/cli/fuzz/watched_run.ts")).href;
  const watched: { runWatched: typeof runWatched } = await import(path);
  await watched.runWatched({
    module: join(folder, "tests/fuzz/store_fuzz.ts"),
    seed: 1,
    first: 0,
    count: RUNS,
    permissions: ["--allow-read"],
    onProgress() {},
    onFinding: (finding) => found.push(finding),
  });
  return found;
}
