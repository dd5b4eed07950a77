import assert from "node:assert/strict";
import { join } from "node:path";
import { searchFolder, whyUnsafe } from "../../../src/cli/sandbox/folder_search.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { hasOtherUser, runWithoutRoot } from "./run_without_root.ts";

const isPosix = Deno.build.os !== "windows";
const isLinux = Deno.build.os === "linux";

const SHUT = `
import { searchFolder } from "./sandbox/folder_search.ts";
for (const mode of [0o755, 0o444, 0o000, 0o111, 0o333]) {
  Deno.mkdirSync("here/shut", { recursive: true });
  Deno.symlinkSync("/etc/passwd", "here/shut/link");
  Deno.chmodSync("here/shut", mode);
  const { links, unsearched } = searchFolder("here");
  console.log(mode.toString(8), links.length, unsearched.join());
  Deno.chmodSync("here/shut", 0o700);
  Deno.removeSync("here/shut", { recursive: true });
}
Deno.mkdirSync("shut/here", { recursive: true });
Deno.chmodSync("shut", 0);
console.log(searchFolder("shut/here").unsearched.join());
Deno.chmodSync("shut", 0o700);
`;

Deno.test({
  name: "a folder whose entries cannot be looked at counts as not searched (needs POSIX)",
  ignore: !hasOtherUser,
  fn: async () => {
    await withFolder(async (folder) => {
      const own = join(folder, "own");
      await Deno.mkdir(own);
      const expected = [
        "755 1 ",
        ...["444", "0", "111", "333"].map((mode) => `${mode} 0 here/shut`),
        "shut/here\n",
      ];
      assert.deepEqual(
        (await runWithoutRoot(own, SHUT)).split("\n"),
        expected.join("\n").split("\n"),
      );
    });
  },
});

Deno.test({
  name: "what lies deeper than paths reach counts as not searched (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      const here = join(folder, "here");
      const part = "x".repeat(200);
      const half = [...Array(12).fill(part)].join("/");
      await Deno.mkdir(join(here, half), { recursive: true });
      await Deno.mkdir(join(folder, "other", half), { recursive: true });
      assert.deepEqual(searchFolder(here).unsearched, []);
      await Deno.rename(join(folder, "other"), join(here, half, "other"));
      const { unsearched } = searchFolder(here);
      assert.equal(unsearched.length, 1);
      assert.match(
        whyUnsafe(searchFolder(here), { places: [here], names: [] }) ?? "",
        /be searched/,
      );
    });
  },
});

Deno.test({
  name: "links whose names or targets are no text count as not searched (needs Linux)",
  ignore: !isLinux,
  fn: async () => {
    const cases = [
      ["ln -s /etc/passwd \"$(printf 'link\\377')\"", true],
      ["ln -s \"$(printf 'a\\377/b')\" link", true],
      ["mkdir \"$(printf 'folder\\377')\"", true],
      ["touch \"$(printf 'file\\377')\"", false],
      ["touch 'file\ufffd'", false],
    ] as const;
    for (const [command, isFound] of cases) {
      await withFolder(async (folder) => {
        await new Deno.Command("sh", { args: ["-c", command], cwd: folder }).output();
        const { unsearched } = searchFolder(folder);
        assert.equal(unsearched.length, isFound ? 1 : 0, command);
      });
    }
  },
});

Deno.test({
  name: "a named pipe counts like a socket (needs POSIX)",
  ignore: !isPosix,
  fn: async () => {
    await withFolder(async (folder) => {
      await new Deno.Command("mkfifo", { args: [join(folder, "pipe")] }).output();
      const why = whyUnsafe(searchFolder(folder), { places: [folder], names: [] });
      assert.match(why ?? "", /pipe is a named pipe, over which programs are reached/);
    });
  },
});

/** In a process of its own, as tests may not look at `/dev`. */
const OTHER_DEVICE = `
import { searchFolder, whyUnsafe } from "./sandbox/folder_search.ts";
const here = Deno.cwd() + "/here";
Deno.mkdirSync(here);
Deno.symlinkSync("own", here + "/link");
const found = searchFolder(here);
const elsewhere = "/dev/shm/none/tmp";
for (const names of [[here, elsewhere], [here, Deno.cwd() + "/beside"], [elsewhere]]) {
  console.log(whyUnsafe(found, { places: [here], names }) === null);
}
console.log(Deno.statSync("/dev/shm").dev === Deno.statSync(here).dev);
`;

Deno.test({
  name:
    "a link that cannot be moved out of its folder, to another device, leaves it open (needs Linux)",
  ignore: !isLinux || !hasOtherUser,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.mkdir(join(folder, "own"));
      const outcome = await runWithoutRoot(join(folder, "own"), OTHER_DEVICE);
      const [isOpen, isOpenBeside, isOpenElsewhere, isSame] = outcome.trim().split("\n");
      assert.equal(isOpenBeside, "false");
      // Where temporary files lie there too, it is no other device.
      const expected = String(isSame !== "true");
      assert.deepEqual([isOpen, isOpenElsewhere], [expected, expected]);
    });
  },
});
