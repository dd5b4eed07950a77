import assert from "node:assert/strict";
import * as errors from "../../src/errors.ts";
import { withHost } from "./shared_host.ts";

/** One of each class, with its fields. */
const EXAMPLES: Error[] = [
  new errors.InvalidArgumentError("size", "size is wrong"),
  new errors.OutOfRangeError("size", "size is too large"),
  new errors.FileError("file-not-found", "a.ktx2", "a.ktx2 is missing"),
  new errors.FileError("file-unreadable", "b.ktx2", "b.ktx2 cannot be read"),
  new errors.MalformedFileError("c.ktx2", "c.ktx2 is malformed"),
  new errors.UnsupportedError("ETC1S", "ETC1S is not supported"),
  new errors.SourceReadError("d", 12, 34, "d cannot be read"),
  new errors.SourceChangedError("e", "e has changed"),
  new errors.BudgetError(1, 2, "the budget is too small"),
  new errors.DeviceError("no-adapter", "no adapter"),
  new errors.DisposedError("system", "the system was closed"),
  new errors.ReentryError("system", "the system was called by what it calls"),
  new errors.BakeError("f.png", "f.png cannot be baked"),
  new errors.PackageError("numpy", "numpy cannot be found"),
];

const TELL = `
import json
from forge3d._from_core import from_core
def tell(error):
    made = from_core(error)
    parents = [one.__name__ for one in type(made).__mro__]
    fields = {name: value for name, value in vars(made).items()}
    return json.dumps([type(made).__name__, str(made), made.code, fields, parents])
tell
`;

const NAMES = `
import json
from forge3d import errors
json.dumps([name for name, value in vars(errors).items() if isinstance(value, type)
            and issubclass(value, errors.Forge3dError)])
`;

/** The built-in exception that each class also is. */
const BUILT_INS: Record<string, string> = {
  InvalidArgumentError: "TypeError",
  OutOfRangeError: "ValueError",
  BudgetError: "ValueError",
  FileError: "OSError",
  MissingFileError: "FileNotFoundError",
  UnsupportedError: "NotImplementedError",
};

Deno.test("errors become the matching exceptions, one to one", async (t) => {
  await withHost(async ({ host: { pyodide } }) => {
    const tell = pyodide.runPython(TELL) as (error: Error) => string;
    const told = (error: Error) =>
      JSON.parse(tell(error)) as [string, string, string, Record<string, unknown>, string[]];

    await t.step("every error has its exception, with the same message, code and fields", () => {
      for (const error of EXAMPLES) {
        const [name, message, code, fields, parents] = told(error);
        const missing = (error as Error & { code: string }).code === "file-not-found";
        assert.equal(name, missing ? "MissingFileError" : error.name);
        assert.equal(message, error.message);
        assert.ok(parents.includes("RuntimeError"), name);
        if (BUILT_INS[name]) assert.ok(parents.includes(BUILT_INS[name]), name);
        for (const [key, value] of Object.entries({ ...error, code })) {
          const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
          if (key !== "name") assert.equal(fields[snake], value, `${name}.${snake}`);
        }
      }
    });

    await t.step("the two lists name the same classes", () => {
      const here = Object.values(errors).map((value) => (value as { name: string }).name);
      assert.deepEqual(new Set(EXAMPLES.map(({ name }) => name)), new Set(here));
      const there = JSON.parse(pyodide.runPython(NAMES) as string) as string[];
      assert.deepEqual(
        there.filter((name) => name !== "Forge3dError" && name !== "MissingFileError").sort(),
        here.sort(),
      );
    });

    await t.step("an error that is not the library's own becomes the base class", () => {
      const [name, message] = told(new SyntaxError("odd"));
      assert.deepEqual([name, message], ["Forge3dError", "SyntaxError: odd"]);
    });
  });
});
