import assert from "node:assert/strict";
import { join } from "node:path";
import { parsePyCommand } from "../../src/cli/py/py_options.ts";
import type { Program } from "../../src/python/mod.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { withHost } from "./shared_host.ts";

function program(kind: Program["kind"], target: string, ...args: string[]): Program {
  return { kind, target, args };
}

Deno.test("a program has the exit code that python would give it", async () => {
  await withHost(async ({ host, printed }) => {
    const cases: [string, number, RegExp][] = [
      ["", 0, /^$/],
      ["import sys; sys.exit(7)", 7, /^$/],
      ["raise SystemExit", 0, /^$/],
      ["import sys; sys.exit('no luck')", 1, /^no luck\n$/],
      ["import sys; sys.exit(-1)", 255, /^$/],
      ["import sys; sys.exit(True)", 1, /^$/],
      ["import atexit; atexit.register(print, 'bye'); raise SystemExit(3)", 3, /^bye\n$/],
      ["raise KeyboardInterrupt", 130, /KeyboardInterrupt\n$/],
      ["1 / 0", 1, /ZeroDivisionError: division by zero\n$/],
      ["input()", 1, /EOFError: EOF when reading a line\n$/],
      ["def f(): f()\nf()", 1, /RecursionError: maximum recursion depth exceeded\n$/],
      ["import sys; sys.excepthook = lambda *x: print(x[0]); 1 / 0", 1, /^<class 'ZeroDiv.*>\n$/],
    ];
    for (const [code, expected, text] of cases) {
      assert.equal(await host.runProgram(program("code", code)), expected, code);
      assert.match(printed(), text, code);
    }
  });
});

Deno.test("scripts, modules, folders, archives and standard input are run", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "package"));
    await Deno.writeTextFile(join(folder, "package", "__init__.py"), "");
    const tell = "import sys; print(__name__, __package__, sys.argv, sys.path[0])\n";
    await Deno.writeTextFile(join(folder, "package", "__main__.py"), tell);
    await Deno.writeTextFile(join(folder, "latin.py"), "# coding: latin-1\nprint('ok')\n");
    await withHost(async ({ host, printed }) => {
      const run = async (...what: Parameters<typeof program>) => {
        const code = await host.runProgram(program(...what));
        const text = printed();
        assert.equal(code, 0, text);
        return text;
      };
      await run("code", `import os; os.chdir(${JSON.stringify(folder)})`);
      const inPackage = `['${join(folder, "package", "__main__.py")}', 'x'] ${folder}\n`;
      assert.equal(await run("module", "package", "x"), `__main__ package ${inPackage}`);
      const asFolder = await run("script", "package", "y");
      assert.equal(asFolder, `__main__  ['package', 'y'] ${join(folder, "package")}\n`);
      await run("code", "import shutil; shutil.make_archive('packed', 'zip', 'package')");
      const packed = join(folder, "packed.zip");
      assert.equal(await run("script", packed), `__main__  ['${packed}'] ${packed}\n`);
      const code = "import sys; print(__name__, sys.argv, repr(sys.path[0]))";
      assert.equal(await run("code", code, "z"), "__main__ ['-c', 'z'] ''\n");
      assert.equal(await run("script", "latin.py"), "ok\n");
      assert.equal(await run("stdin", ""), "");
    });
  });
});

Deno.test("a traceback shows the program's frames and no others", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "lib.py"), "def fail(x):\n    return 1 / x\n");
    const path = join(folder, "main.py");
    await Deno.writeTextFile(
      path,
      `import asyncio, lib
async def main():
    await asyncio.sleep(0.01)
    lib.fail(0)
try:
    asyncio.run(main())
except ZeroDivisionError as error:
    raise ValueError("worse") from error
`,
    );
    await withHost(async ({ host, printed }) => {
      assert.equal(await host.runProgram(program("script", path)), 1);
      const text = printed();
      const files = [...text.matchAll(/File "([^"]+)", line (\d+), in (\S+)/g)]
        .map(([, file, line, name]) => [file, line, name]);
      assert.deepEqual(files, [
        [path, "6", "<module>"],
        [path, "4", "main"],
        [join(folder, "lib.py"), "2", "fail"],
        [path, "8", "<module>"],
      ]);
      assert.match(text, /^Traceback \(most recent call last\):\n/);
      assert.match(text, /direct cause of the following exception/);
      assert.match(text, /return 1 \/ x/);
      assert.match(text, /\nValueError: worse\n$/);

      await Deno.writeTextFile(path, "x = = 1\n");
      assert.equal(await host.runProgram(program("script", path)), 1);
      const syntax = /^ {2}File ".*main\.py", line 1\n {4}x = = 1\n {8}\^\nSyntaxError: /;
      assert.match(printed(), syntax);

      assert.equal(await host.runProgram(program("script", join(folder, "none.py"))), 2);
      assert.match(printed(), /^python: can't open file '.*none\.py': \[Errno 2\] No such file/);
      assert.equal(await host.runProgram(program("module", "no_such_module")), 1);
      assert.match(printed(), /No module named no_such_module\n$/);

      const own = "import forge3d\nforge3d.load_virtual_texture(99, b'x')";
      assert.equal(await host.runProgram(program("code", own)), 1);
      const ofPackage = printed();
      assert.doesNotMatch(ofPackage, /pyodide|\.ts|JsException/);
      assert.match(
        ofPackage,
        /^Traceback[\s\S]*"<string>", line 2, in <module>[\s\S]*DisposedError/,
      );
    });
  });
});

Deno.test("the command line is parsed up to the program's name", () => {
  const script = (target: string, ...args: string[]) => program("script", target, ...args);
  const cases: [string[], Program, string[]][] = [
    [["a.py"], script("a.py"), []],
    [["a.py", "--with", "x", "-c"], script("a.py", "--with", "x", "-c"), []],
    [["--with", "x", "--with=y", "a.py", "b"], script("a.py", "b"), ["x", "y"]],
    [["--", "-odd.py", "b"], script("-odd.py", "b"), []],
    [["-c", "print()", "-x"], program("code", "print()", "-x"), []],
    [["--with", "x", "-m", "mod", "-h"], program("module", "mod", "-h"), ["x"]],
    [["-", "a"], program("stdin", "", "a"), []],
    [["--no-progress", "a.py", "--no-progress"], script("a.py", "--no-progress"), []],
  ];
  for (const [args, expected, packages] of cases) {
    const options = { read: [], write: [], net: [], env: [] };
    const showsProgress = args[0] !== "--no-progress";
    const parsed = { program: expected, packages, options, showsProgress };
    assert.deepEqual(parsePyCommand(args), parsed);
  }
  for (const help of ["-h", "--help"]) assert.equal(parsePyCommand([help]).program, null);
  const wrong: [string[], RegExp][] = [
    [[], /no script is named/],
    [["--"], /no script is named/],
    [["--with", "x"], /no script is named/],
    [["--with"], /--with lacks a value/],
    [["-c"], /-c lacks a value/],
    [["-x", "a.py"], /option is unknown: -x/],
  ];
  for (const [args, message] of wrong) assert.throws(() => parsePyCommand(args), message);
});
