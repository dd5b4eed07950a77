/**
 * Runs tests that are written in Python: every `test_…` function of a file is a step.
 *
 * @module
 */
import { join } from "node:path";
import { PROJECT, withHost } from "./shared_host.ts";

interface PythonTest {
  callPromising(): Promise<unknown>;
}

/** Registers a test that runs every `test_…` function of a file in this folder. */
export function runPythonTests(file: string, name: string): void {
  Deno.test(name, async (t) => {
    const path = join(PROJECT, "tests", "python", file);
    await withHost(async ({ host: { pyodide } }) => {
      const folders = pyodide.toPy([join(PROJECT, "examples"), join(PROJECT, "tests", "python")]);
      pyodide.pyimport("sys").path.extend(folders);
      const names = { __name__: file, __file__: path };
      const globals = pyodide.toPy(names);
      await pyodide.runPythonAsync(await Deno.readTextFile(path), { globals, filename: path });
      const tests = [...globals.keys() as Iterable<string>].filter((key) =>
        key.startsWith("test_")
      );
      if (tests.length === 0) throw new Error(`${file} has no tests`);
      for (const key of tests) {
        await t.step(key.replaceAll("_", " "), async () => {
          await (globals.get(key) as PythonTest).callPromising();
        });
      }
    });
  });
}
