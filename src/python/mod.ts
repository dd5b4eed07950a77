/**
 * Python in this process: the interpreter, the private module below the package `forge3d`, and
 * packages for scripts.
 *
 * @module
 */
export { type Problem, type Program, PythonHost, type PythonHostOptions } from "./host.ts";
export { type Interrupts, watchInterrupts } from "./interrupts/interrupts.ts";
export type { LoadProgress, ShowLoads } from "./load_progress.ts";
export type { HostView } from "./mounts.ts";
export type { PackageOptions } from "./packages/packages.ts";
export { lastRefusal, parseRefusal, type Refusal, refusedPermission } from "./refusals.ts";
export { snapshotName } from "./snapshot.ts";
export {
  type DenoOutput,
  EMPTY_INPUT,
  type InputStream,
  type OutputStream,
  outputStream,
  type StandardStreams,
} from "./stdio.ts";
