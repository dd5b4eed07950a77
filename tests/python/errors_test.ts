import assert from "node:assert/strict";
import * as errors from "../../src/errors.ts";
import { CAMERA, UPDATE_FIELDS } from "../../src/python/layout.ts";
import type { CoreModule, LogFunction } from "../../src/python/bridge.ts";
import { snakeCase } from "../../src/python/spelling.ts";
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

/** A core whose calls fail with an error, in each way in which a call can fail. */
function failingCore(failWith: () => unknown): CoreModule {
  const fail = (): never => {
    throw failWith();
  };
  const reject = async () => {
    await new Promise((wake) => setTimeout(wake));
    return fail();
  };
  let log: LogFunction = () => {};
  const core: Partial<CoreModule> = {
    camera: new Float64Array(CAMERA.length),
    results: new Float64Array(UPDATE_FIELDS.length),
    memory_numbers: new Float64Array(6),
    memory_staging: fail,
    memory_pools: fail,
    update_fields: () => UPDATE_FIELDS.map(snakeCase),
    set_log: (next) => void (log = next),
    option_names: fail,
    statistics: fail,
    flush: reject,
    // The function that it calls fails in a call of its own.
    busy: () => {
      log("ERROR", "nested");
      return false;
    },
    update: (_system, _texture, _budget, mayWait) => mayWait ? reject() : fail(),
    close: () => {},
  };
  return core as CoreModule;
}

/** Every way into the core: what it raises is caught as the class of its name. */
const CALLS = `
import asyncio, json, logging
from pyodide.code import run_js
from forge3d import errors, handles

class Nested(logging.Handler):
    def emit(self, record):
        handles.get_virtual_texture_stats(1)
logging.getLogger("forge3d").addHandler(Nested())

async def awaiting():
    from forge3d._calls import flush_async
    await flush_async(1)

def update():
    handles.update_virtual_texture_streaming(1, (0, 0, 0), time_budget_ms=None)

def without_promise(call):
    raised = []
    def handler():
        try:
            call()
        except errors.Forge3dError as error:
            raised.append(error)
    run_js("(call) => { call(); }")(handler)
    raise raised[0]

WAYS = {
    "a call": lambda: handles.get_virtual_texture_stats(1),
    "a call that waits": lambda: handles.flush_virtual_texture_system(1),
    "an awaited call": lambda: asyncio.run(awaiting()),
    "an update that waits": update,
    "an update that cannot wait": lambda: without_promise(update),
    "a call in a callback": lambda: handles._queue_behind(1),
}

def call_all(name):
    told = []
    for way, call in WAYS.items():
        try:
            call()
        except getattr(errors, name) as made:
            if type(made).__name__ == name:
                told.append([way, *describe(made)])
        except BaseException as other:
            told.append([way, repr(type(other))])
    return json.dumps(told)

def describe(made):
    parents = [one.__name__ for one in type(made).__mro__]
    fields = {name: value for name, value in vars(made).items()}
    return type(made).__name__, str(made), made.code, fields, parents

call_all
`;

const WAYS = 6;

type Told = [string, string, string, string, Record<string, unknown>, string[]];

const NAMES = `
import json
from forge3d import errors
json.dumps([name for name, value in vars(errors).items() if isinstance(value, type)
            and issubclass(value, errors.Forge3dError)])
`;

/** Properties by which Pyodide takes an object for another kind. */
const LIKE_A_LIST = { length: 1, size: 1, get: () => 1, has: () => true, then: () => 1 };

/** The built-in exception that each class also is. */
const BUILT_INS: Record<string, string> = {
  InvalidArgumentError: "TypeError",
  OutOfRangeError: "ValueError",
  BudgetError: "ValueError",
  BakeError: "OSError",
  FileError: "OSError",
  MissingFileError: "FileNotFoundError",
  UnsupportedError: "NotImplementedError",
};

Deno.test("errors of the core are caught as the matching exceptions, one to one", async (t) => {
  let current: unknown;
  const core = failingCore(() => current);
  await withHost(async ({ host: { pyodide } }) => {
    const callAll = pyodide.runPython(CALLS) as { callPromising(name: string): Promise<string> };
    const told = async (thrown: unknown, name: string) => {
      current = thrown;
      return JSON.parse(await callAll.callPromising(name)) as Told[];
    };

    for (const error of EXAMPLES) {
      const isMissing = (error as Error & { code: string }).code === "file-not-found";
      const wanted = isMissing ? "MissingFileError" : error.name;
      await t.step(`${wanted} is caught from every call, with its message and fields`, async () => {
        const all = await told(error, wanted);
        assert.equal(all.length, WAYS);
        for (const [way, name, message, code, fields, parents] of all) {
          assert.equal(name, wanted, way);
          assert.equal(message, error.message);
          assert.ok(parents.includes("RuntimeError"), name);
          if (BUILT_INS[name]) assert.ok(parents.includes(BUILT_INS[name]), name);
          for (const [key, value] of Object.entries({ ...error, code })) {
            const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
            if (key !== "name") assert.equal(fields[snake], value, `${name}.${snake}`);
          }
        }
      });
    }

    await t.step("the two lists name the same classes", () => {
      const here = Object.values(errors).map((value) => (value as { name: string }).name);
      assert.deepEqual(new Set(EXAMPLES.map(({ name }) => name)), new Set(here));
      const there = JSON.parse(pyodide.runPython(NAMES) as string) as string[];
      assert.deepEqual(
        there.filter((name) => name !== "Forge3dError" && name !== "MissingFileError").sort(),
        here.sort(),
      );
    });

    await t.step("anything else that is thrown becomes the base class", async () => {
      const others: [unknown, string][] = [
        [new SyntaxError("odd"), "SyntaxError: odd"],
        [Object.assign(new Error("long"), LIKE_A_LIST), "Error: long"],
        [Object.assign(Object.create(null), LIKE_A_LIST), "Error: object"],
        [new Map([[1, 2]]), "Error: Map"],
        ["text", "Error: text"],
        [5, "Error: 5"],
        [undefined, "Error: undefined"],
        [Symbol("odd"), "Error: Symbol(odd)"],
      ];
      for (const [thrown, text] of others) {
        const all = await told(thrown, "Forge3dError");
        assert.deepEqual(
          all.map(([, name, message]) => [name, message]),
          all.map(() => [
            "Forge3dError",
            text,
          ]),
        );
        assert.equal(all.length, WAYS);
      }
    });
  }, { core });
});
