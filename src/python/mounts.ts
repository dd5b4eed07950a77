/**
 * The host's files in Python, under their own paths.
 *
 * @module
 */
import { closeSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { PyodideAPI } from "pyodide";
import { posixError } from "./stdio.ts";
import { forgetRefusal, noteRefusal, parseRefusal } from "./refusals.ts";

/** Folders of the interpreter's own file system that must stay its own. */
const OWN_FOLDERS = new Set(["dev", "lib", "proc", "sys"]);

/** Modes of a folder that exists for what lies below it: everybody may list it. */
const FOLDER_MODE = 0o40555;
const WRITABLE_FOLDER_MODE = 0o40777;

/** The part of the host's files that Python sees. */
export interface HostView {
  /** Absolute paths of the files and folders that the process may read or write. */
  readonly paths: readonly string[];
  /** Names of the folders in the host's root, so that what lies there is refused, not missing. */
  readonly rootFolders: readonly string[];
}

interface HostNode {
  readonly id: number;
  readonly mount: { readonly type: unknown };
}

interface HostFiles {
  tryFSOperation<T>(operation: () => T): T;
  getMode(path: string): number;
  realPath(node: HostNode): string;
  createNode(parent: HostNode, name: string, mode: number, device: number): HostNode;
  readonly node_ops: {
    mknod(parent: HostNode, name: string, mode: number, device: number): HostNode;
    getattr(node: HostNode): unknown;
    readdir(node: HostNode): string[];
  };
  readonly stream_ops: {
    getattr(stream: HostStream): unknown;
    open(stream: HostStream): void;
  };
}

/** An open file or folder; without a number it is none of the host's. */
interface HostStream {
  readonly node: HostNode;
  nfd?: number;
}

/** Calls of the file system that change what a path names. */
const WRITING_CALLS = ["mkdir", "rmdir", "unlink", "truncate", "chmod", "utime", "rename"] as const;
const ACCESS_MODE = 3;
/** Of a mode: what it is of, and a file of the usual kind. */
const FILE_KIND = 0o170000;
const REGULAR_FILE = 0o100000;
const SYMBOLIC_LINK = 0o120000;
/** Number of the error for access that is refused, on the interpreter's platform. */
const EACCES = 2;
/** What lies in a folder with this bit belongs to the folder's group (`S_ISGID`). */
const GROUP_OF_FOLDER = 0o2000;

type FileCall = (path: unknown, ...rest: unknown[]) => unknown;

interface FileSystem extends Record<typeof WRITING_CALLS[number], FileCall> {
  open(path: unknown, flags: unknown, ...rest: unknown[]): unknown;
  cwd(): string;
  analyzePath(path: string): { exists: boolean };
  mkdirTree(path: string): void;
  stat(path: string): { mode: number };
  isDir(mode: number): boolean;
  mount(type: unknown, options: { root: string }, path: string): void;
  filesystems: { NODEFS: HostFiles };
}

/**
 * Makes the host's files reachable from Python under their own paths.
 *
 * Every top-level folder is mounted, save the few that belong to the interpreter (`/lib` holds its
 * standard library; devices are its own). Nothing is read until Python opens it, and Python may
 * access what the process may access: anything else raises `PermissionError`.
 *
 * @param pyodide The interpreter.
 * @param view What the process may access, where that is not everything: the folders above it then
 * show it alone.
 * @returns The folders that were mounted.
 */
export function mountHost(pyodide: PyodideAPI, view: HostView | null = null): string[] {
  if (Deno.build.os === "windows") return [];
  const fs = pyodide.FS as unknown as FileSystem;
  const nodefs = fs.filesystems.NODEFS;
  nameRefusals(nodefs);
  showRefused(nodefs);
  followFileMask(fs, nodefs);
  if (view !== null) {
    noteRefusedWrites(fs);
    showFoldersAbove(nodefs, foldersAbove(view));
  }
  const names = view === null
    ? rootFolders()
    : new Set([...view.rootFolders, ...view.paths.map((path) => path.split("/")[1]!)]);
  return [...names].filter((name) => name !== "" && !OWN_FOLDERS.has(name))
    .map((name) => `/${name}`)
    .filter((path) => mountFolder(pyodide, path, path));
}

/**
 * Mounts one folder of the host.
 *
 * @param pyodide The interpreter.
 * @param hostPath The folder on the host.
 * @param path Where Python finds it.
 * @returns Whether the folder could be mounted.
 */
export function mountFolder(pyodide: PyodideAPI, hostPath: string, path: string): boolean {
  const fs = pyodide.FS as unknown as FileSystem;
  try {
    if (!fs.analyzePath(path).exists) fs.mkdirTree(path);
    fs.mount(fs.filesystems.NODEFS, { root: hostPath }, path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Access that the process does not have raises `PermissionError` in Python.
 *
 * The runtime's own refusals carry no POSIX name, without which the file system cannot tell them.
 */
function nameRefusals(nodefs: HostFiles): void {
  const plain = nodefs.tryFSOperation;
  nodefs.tryFSOperation = (operation) =>
    plain(() => {
      try {
        return operation();
      } catch (error) {
        if (!(error instanceof Deno.errors.NotCapable)) throw error;
        noteRefusal(parseRefusal(error.message));
        throw posixError("EACCES", error);
      }
    });
}

function isFolderAt(fs: FileSystem, path: unknown): boolean {
  return typeof path === "string" && fs.isDir(fs.stat(path).mode);
}

/**
 * A folder shows the names in it that the process may not look at, as the host shows them, instead of none at
 * all. They count as links that cannot be followed, as most are; whatever is done with one is refused.
 */
function showRefused(nodefs: HostFiles): void {
  const { getMode } = nodefs;
  const mayRead = (path: string) =>
    Deno.permissions.querySync({ name: "read", path }).state === "granted";
  nodefs.getMode = (path) => {
    try {
      return getMode(path);
    } catch (error) {
      const isRefused = (error as { errno?: number }).errno === EACCES && !mayRead(path);
      if (!isRefused || !mayRead(dirname(path))) throw error;
      return SYMBOLIC_LINK;
    }
  };
}

/** New files get the mode that other programs of the user give them: Pyodide ignores the umask. */
function followFileMask(fs: FileSystem, nodefs: HostFiles): void {
  const { mknod } = nodefs.node_ops;
  nodefs.node_ops.mknod = (parent, name, mode, device) => {
    if ((mode & FILE_KIND) !== REGULAR_FILE) return mknod(parent, name, mode, device);
    const node = nodefs.createNode(parent, name, mode, device);
    const path = join(nodefs.realPath(parent), name);
    nodefs.tryFSOperation(() => closeSync(openSync(path, "w", mode & 0o777)));
    return node;
  };
  const { chmod } = fs;
  fs.chmod = (path, mode, ...rest) => {
    // Programs name a path. What they make by opening it is made with every right, which the mask
    // lessens, and then given its mode, as a node.
    const node = path as Partial<HostNode>;
    const isNew = node.mount?.type === nodefs;
    const made = isNew ? nodefs.getMode(nodefs.realPath(node as HostNode)) : ~0;
    const wanted = Number(mode) & made;
    try {
      return chmod(path, wanted, ...rest);
    } catch (error) {
      if ((wanted & GROUP_OF_FOLDER) === 0 || !isFolderAt(fs, path)) throw error;
      // The system gives folders this bit as the one above has it, and may refuse it of a script.
      return chmod(path, wanted & ~GROUP_OF_FOLDER, ...rest);
    }
  };
}

/**
 * Remembers which paths a program wanted to write: what is refused first is often to look at a folder
 * on the way.
 */
function noteRefusedWrites(fs: FileSystem): void {
  const noting = <T>(paths: readonly unknown[], call: () => T): T => {
    try {
      return call();
    } catch (error) {
      if ((error as { errno?: number }).errno === EACCES) paths.forEach(noteUnlessGranted);
      throw error;
    }
  };
  const noteUnlessGranted = (path: unknown) => {
    if (typeof path !== "string") return;
    const value = resolve(fs.cwd(), path);
    const { state } = Deno.permissions.querySync({ name: "write", path: value });
    if (state !== "granted") noteRefusal({ permission: "write", value });
  };
  for (const name of WRITING_CALLS) {
    const plain = fs[name];
    fs[name] = (...args) => noting(name === "rename" ? args : [args[0]], () => plain(...args));
  }
  const { open } = fs;
  fs.open = (path, flags, ...rest) => {
    const isWriting = typeof flags === "number" && (flags & ACCESS_MODE) !== 0;
    return noting(isWriting ? [path] : [], () => open(path, flags, ...rest));
  };
}

/** Folders that must be passed to reach something, and the names that they show. */
function foldersAbove({ paths, rootFolders }: HostView): Map<string, Set<string>> {
  const shown = new Map<string, Set<string>>();
  for (const name of rootFolders) shown.set(`/${name}`, new Set());
  for (const path of paths) {
    const parts = path.split("/").slice(1);
    for (let length = 1; length < parts.length; length++) {
      const folder = `/${parts.slice(0, length).join("/")}`;
      shown.set(folder, (shown.get(folder) ?? new Set()).add(parts[length]!));
    }
  }
  return shown;
}

/** Where the process may not look at a folder, shows what it may reach in it. */
function showFoldersAbove(nodefs: HostFiles, folders: ReadonlyMap<string, Set<string>>): void {
  const { getMode, node_ops, stream_ops } = nodefs;
  const { getattr, readdir } = node_ops;
  const { getattr: getStreamAttributes, open } = stream_ops;
  const orShown = <T>(path: string, ask: () => T, answer: (names: Set<string>) => T | null): T => {
    try {
      return ask();
    } catch (error) {
      const names = folders.get(path);
      const answered = names === undefined ? null : answer(names);
      if (answered === null) throw error;
      forgetRefusal(path);
      return answered;
    }
  };
  const attributes = (node: HostNode, names: ReadonlySet<string>) =>
    folderAttributes(node, modeOf(nodefs.realPath(node), names));
  nodefs.getMode = (path) => orShown(path, () => getMode(path), (names) => modeOf(path, names));
  node_ops.getattr = (node) =>
    orShown(
      nodefs.realPath(node),
      () => getattr(node),
      (names) => attributes(node, names),
    );
  node_ops.readdir = (node) =>
    // A folder with nothing to show is closed, not empty.
    orShown(nodefs.realPath(node), () => readdir(node), (names) => names.size ? [...names] : null);
  stream_ops.open = (stream) =>
    orShown(
      nodefs.realPath(stream.node),
      () => open(stream),
      (names) => names.size ? undefined : null,
    );
  stream_ops.getattr = (stream) =>
    stream.nfd === undefined
      ? attributes(stream.node, folders.get(nodefs.realPath(stream.node)) ?? new Set())
      : getStreamAttributes(stream);
}

/** The file system makes nothing in a folder that nobody may write, whatever the host allows. */
function modeOf(folder: string, names: ReadonlySet<string>): number {
  const isWritten = [...names].some((name) => {
    const path = resolve(folder, name);
    return Deno.permissions.querySync({ name: "write", path }).state === "granted";
  });
  return isWritten ? WRITABLE_FOLDER_MODE : FOLDER_MODE;
}

function folderAttributes(node: HostNode, mode: number) {
  const never = new Date(0);
  return {
    ...{ dev: 1, ino: node.id, mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size: 4096 },
    ...{ atime: never, mtime: never, ctime: never, blksize: 4096, blocks: 8 },
  };
}

/** Names of the folders in the host's root that can be listed. */
function rootFolders(): string[] {
  try {
    return [...Deno.readDirSync("/")].map(({ name }) => name).filter((name) =>
      isFolder(`/${name}`)
    );
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
