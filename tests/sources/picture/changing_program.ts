/**
 * Decodes a picture again and again while it is cut off and overwritten: through the library, or
 * with the decoder on the file itself. Prints how many times it was decoded and refused.
 */

import sharp from "sharp";
import { openPicture } from "../../../src/sources/mod.ts";
import { encoder, gradient } from "./made_pictures.ts";

const [kind = "", by = "", folder = ""] = Deno.args;
const ROUNDS = 8;
const path = `${folder}/picture.${kind}`;
const noise = gradient(1500, 1500, 3).map((value, i) => value ^ Math.imul(i, 2654435761) >>> 24);
const made = encoder(noise, 1500, 3);
const file = await (kind === "webp" ? made.webp({ effort: 0 }) : made.jpeg()).toBuffer();

let decoded = 0;
const refused: string[] = [];
for (let round = 0; round < ROUNDS; round++) {
  await Deno.writeFile(path, file);
  const work = by === "library"
    ? openPicture(path, { scratchFolder: folder }).then((picture) => picture.close())
    : sharp(path, { sequentialRead: true }).toFile(`${folder}/decoded.v`);
  const ended = work.then(() => decoded++, (error) => refused.push(error.code ?? String(error)));
  await new Promise((resolve) => setTimeout(resolve, 4 * round));
  if (round % 2 === 0) await Deno.truncate(path, 1000);
  else await Deno.writeFile(path, new Uint8Array(file.length / 2));
  await ended;
}
console.log(JSON.stringify({ decoded, refused }));
