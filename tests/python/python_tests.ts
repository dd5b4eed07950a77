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

/** Registers a test that runs every `test_…` function of some files in this folder, in their order. */
export function runPythonTests(name: string, files: readonly string[]): void {
  Deno.test(name, async (t) => {
    await withHost(async ({ host: { pyodide } }) => {
      const here = join(PROJECT, "tests", "python");
      const folders = pyodide.toPy([join(PROJECT, "examples"), here, join(here, "rvt")]);
      pyodide.pyimport("sys").path.extend(folders);
      for (const file of files) {
        const path = join(here, file);
        const globals = pyodide.toPy({ __name__: file, __file__: path });
        await pyodide.runPythonAsync(await Deno.readTextFile(path), { globals, filename: path });
        const tests = [...globals.keys() as Iterable<string>].filter((key) =>
          key.startsWith("test_")
        );
        if (tests.length === 0) throw new Error(`${file} has no tests`);
        for (const key of tests) {
          await t.step(key.slice("test_".length).replaceAll("_", " "), async () => {
            await (globals.get(key) as PythonTest).callPromising();
          });
        }
      }
    });
  });
}
