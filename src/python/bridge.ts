import type { PyodideAPI } from "pyodide";
/** x */
export interface CoreModule {
  close(): void;
}
/** x */
export function createCore(_p: PyodideAPI): CoreModule {
  return { close() {} };
}
