import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { makeTiff } from "./made_tiff.ts";

/** What a bake and a load throw where files may have some blocks of 512 bytes at most. */
async function failures(path: string, { folder, blocks }: { folder: string; blocks: number }) {
  const program = fileURLToPath(new URL("full_program.ts", import.meta.url));
  const run = `"${Deno.execPath()}" run -A --quiet --no-check "${program}" "${path}" "${folder}"`;
  const { stdout, stderr } = await new Deno.Command("sh", {
    // Writes fail then, as on a full disk; the signal would end the process.
    args: ["-c", `trap '' XFSZ; ulimit -f ${blocks}; ${run}`],
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text.startsWith("{"), new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

Deno.test({
  name: "a folder that is full while a picture is decoded is named, with how to choose another " +
    "(needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const [width, bits] = [1200, 16] as const;
      const kind = { width, bits, sampleFormat: "unsigned" } as const;
      const texels = new Uint8Array(2 * width * width);
      const deflated = deflateSync(texels);
      const pictures = {
        // Its copy does not fit.
        "plain.tif": makeTiff(texels, kind),
        // What it decodes to does not.
        "small.tif": makeTiff(deflated, { ...kind, height: width, compression: 8 }),
      };
      const into = `${folder}/full`;
      Deno.mkdirSync(into);
      for (const [name, bytes] of Object.entries(pictures)) {
        const path = `${folder}/${name}`;
        Deno.writeFileSync(path, bytes);
        const { bake, load } = await failures(path, { folder: into, blocks: 2000 });
        assert.equal(bake.name, "BakeError", JSON.stringify(bake));
        assert.equal(bake.path, into);
        assert.equal(load.name, "BakeError", JSON.stringify(load));
        for (const { message } of [bake, load]) {
          assert.ok(message.includes(` to a scratch file in ${into}: `), message);
          assert.match(message, /[Ff]ile too large.* another folder: .*FORGE3D_CACHE_DIR/);
        }
        assert.deepEqual(namesIn(into).filter((name) => name.includes("tmp")), []);
      }
    }),
});

Deno.test({
  name: "a folder that is full while a picture's tiles are written is named (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/noise.tif`;
      const noise = Uint8Array.from({ length: 700 * 700 }, (_, i) => Math.imul(i, 40503) >>> 7);
      Deno.writeFileSync(path, makeTiff(noise, { width: 350, bits: 16, sampleFormat: "unsigned" }));
      const { bake, load } = await failures(path, { folder, blocks: 1200 });
      for (const failure of [bake, load]) {
        assert.equal(failure.name, "BakeError", JSON.stringify(failure));
        assert.match(failure.message, /Cannot write .*\.pmtiles: File too large/);
        assert.ok(failure.message.includes(folder));
      }
    }),
});
