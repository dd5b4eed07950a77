import assert from "node:assert/strict";
import { join } from "node:path";
import { permissionArguments } from "../../../src/cli/sandbox/permission_arguments.ts";
import { listFlag } from "../../../src/cli/sandbox/permission_flags.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

/** Asks for each path of a file, and prints whether it may be read. */
const ASK = `
const paths = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
const ask = (path) => Deno.permissions.querySync({ name: "read", path }).state === "granted";
console.log(JSON.stringify(paths.map(ask)));
`;

/** Which of some paths a process may read that is given others. */
async function readable(
  folder: string,
  { flags, paths }: { readonly flags: readonly string[]; readonly paths: readonly string[] },
): Promise<string[]> {
  const project = join(folder, "project");
  const [script, list] = [join(project, "ask.js"), join(project, "paths.json")];
  await Deno.mkdir(project, { recursive: true });
  await Deno.writeTextFile(script, ASK);
  await Deno.writeTextFile(list, JSON.stringify(paths));
  await Deno.writeTextFile(join(project, "deno.json"), "{}");
  await Deno.writeTextFile(join(project, "deno.lock"), '{ "version": "5" }');
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...permissionArguments([...listFlag("allow-read", [list]), ...flags], {
        project,
        folder: join(folder, "made"),
      }),
      script,
      list,
    ],
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  const granted: boolean[] = JSON.parse(new TextDecoder().decode(stdout));
  return paths.filter((_, index) => granted[index]);
}

const ODD_NAMES = [
  ..."plain \r \rx x\r x\rx ,x x, x,x x,,x $HOME ~ ~x -x --x {x} [x] * ? x; x: #x %41 = @ ! \\ \\n"
    .split(" "),
  ...[
    " x",
    "x ",
    " ",
    "\n",
    "x\n",
    "\nx",
    "x\ny",
    '"x"',
    "'x'",
    "x\t",
    "\u00a0",
    "x\u2028",
    "\ufeffx",
  ],
  ...["\x01", "\x7f", "\x1b[1m", "é", "e\u0301", "\u{1f600}", "..x", "x..", "file:x"],
];

Deno.test("Deno takes every odd path as that path, alone or last or among others", async () => {
  await withFolder(async (folder) => {
    const paths = ODD_NAMES.map((name) => join(folder, "odd", "x") + name);
    for (const path of paths) {
      const others = [path.trim(), path.slice(0, -1), join(folder, "odd"), ...paths];
      const asked = [...new Set(others)];
      for (const given of [[path], [paths[0]!, path], [path, paths[0]!]]) {
        const flags = listFlag("allow-read", given);
        const found = await readable(folder, { flags, paths: asked });
        assert.deepEqual(new Set(found), new Set(given), JSON.stringify(given));
      }
    }
  });
});

Deno.test("20,000 paths are closed, each of them", async () => {
  await withFolder(async (folder) => {
    const paths = Array.from({ length: 20_000 }, (_, index) => join(folder, `link-${index}`));
    const open = join(folder, "open");
    const flags = [...listFlag("allow-read", [folder]), ...listFlag("deny-read", paths)];
    const asked = [...paths.filter((_, index) => index % 1000 === 0), paths.at(-1)!, open];
    assert.deepEqual(await readable(folder, { flags, paths: asked }), [open]);
  });
});
