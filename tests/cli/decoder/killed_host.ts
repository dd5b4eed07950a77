/** A launcher that decodes a picture that takes long, until it is killed. */

import { DecoderHost } from "../../../src/cli/decoder/decoder_host.ts";
import { taskContext } from "../../../src/cli/task_context.ts";
import { DECODER_VARIABLE } from "../../../src/picture_variables.ts";
import { openPicture } from "../../../src/sources/mod.ts";
import { blackPng } from "../../sources/picture/made_pictures.ts";

const host = await DecoderHost.start(await taskContext());
Deno.env.set(DECODER_VARIABLE, host!.access.socket);
console.log(host!.access.decoded);
await openPicture(blackPng(30_000));
