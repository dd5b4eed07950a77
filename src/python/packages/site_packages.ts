import type { PyodideAPI } from "pyodide";

/** The folder of Python's own file system that packages lie in. */
export function sitePackages(pyodide: PyodideAPI): string {
  return pyodide.runPython("import site; site.getsitepackages()[0]") as string;
}
