/**
 * A launcher with another decoder in the place of its own: prints the error that a picture gets, and
 * whether this process may read what the system says of others.
 */

import { DecoderHost } from "../../../src/cli/decoder/decoder_host.ts";
import { taskContext } from "../../../src/cli/task_context.ts";
import { DECODER_VARIABLE } from "../../../src/picture_variables.ts";
import { openPicture } from "../../../src/sources/mod.ts";

const [deno = "", picture = ""] = Deno.args;
const host = (await DecoderHost.start({ ...await taskContext(), deno }))!;
Deno.env.set(DECODER_VARIABLE, host.access.socket);
let mayReadProcesses = true;
try {
  Deno.readTextFileSync(`/proc/${Deno.ppid}/status`);
} catch {
  mayReadProcesses = false;
}
const limits = { maxDecodeMemoryMb: 400 };
const message = await openPicture(picture, { limits }).then(() => "", String);
await host.close();
console.log(JSON.stringify({ message, mayReadProcesses }));
