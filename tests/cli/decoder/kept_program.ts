/**
 * A program that connects to its decoders once: decodes, fails, aborts and waits, and prints what came
 * of it. Arguments: a file with pictures, and the folder where decoded ones appear. It says when the
 * decoders may end, and waits on standard input until they have.
 */

import { Buffer } from "node:buffer";
import { decoderSocket, keepDecoderLinks, openPicture } from "../../../src/sources/mod.ts";

/** What the program saw. */
export interface KeptReport {
  readonly first: number[];
  readonly widths: number[];
  readonly failures: string[];
  readonly aborted: string;
  readonly waitAborted: string;
  readonly afterwards: number;
  readonly left: number;
  readonly connected: string;
  readonly gone: string[];
}

const [pictures = "", decoded = ""] = Deno.args;
const { picture, damaged, large } = JSON.parse(Deno.readTextFileSync(pictures));
const [small, broken, huge] = [picture, damaged, large].map((text) =>
  new Uint8Array(Buffer.from(text, "base64"))
) as [Uint8Array, Uint8Array, Uint8Array];

const socket = decoderSocket()!;
await keepDecoderLinks(socket, 2);
Deno.permissions.revokeSync({ name: "net", host: `unix:${socket}` });

async function widthOf(input: Uint8Array, signal?: AbortSignal): Promise<number> {
  const opened = await openPicture(input, signal === undefined ? {} : { signal });
  await opened.close();
  return opened.width;
}
const failure = (work: Promise<unknown>) => work.then(() => "", (error) => String(error));

const opened = await openPicture(small);
const first = [...await opened.readRows(0, 1)].slice(0, 8);
await opened.close();
// More than there are connections, with failures among them.
const widths = await Promise.all(Array.from({ length: 7 }, () => widthOf(small)));
const failures = await Promise.all(
  [broken, broken, broken].map((input) => failure(widthOf(input))),
);
const abort = new AbortController();
const waiting = new AbortController();
const busy = [huge, huge].map((input) => failure(widthOf(input, abort.signal)));
const queued = failure(widthOf(small, waiting.signal));
waiting.abort(new Error("no more waiting"));
const waitAborted = await queued;
await new Promise((resolve) => setTimeout(resolve, 300));
abort.abort(new Error("enough"));
const [aborted = ""] = await Promise.all(busy);
const afterwards = await widthOf(small);
await new Promise((resolve) => setTimeout(resolve, 300));
const left = [...Deno.readDirSync(decoded)].length;
const connected = await failure(Deno.connect({ transport: "unix", path: socket }));
console.log("ready");
Deno.stdin.readSync(new Uint8Array(1));
const gone = [await failure(widthOf(small)), await failure(widthOf(small))];
gone.push(await failure(widthOf(small)));
const report: KeptReport = {
  first,
  widths,
  failures,
  aborted,
  waitAborted,
  afterwards,
  left,
  connected,
  gone,
};
console.log(JSON.stringify(report));
Deno.exit(0);
