import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { decoderClientPermissions } from "../../../src/cli/decoder/decoder_access.ts";
import { projectFolder } from "../../../src/cli/folders.ts";
import { DECODER_VARIABLE } from "../../../src/picture_variables.ts";
import { blackPng, encoder, gradient, withAlpha } from "../../sources/picture/made_pictures.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import type { ClientReport } from "./client_program.ts";
import type { KeptReport } from "./kept_program.ts";
import { decodersBelow, until, withDecoder } from "./with_decoder.ts";

const TEXELS = gradient(8, 2, 3);

Deno.test({
  name: "a program decodes with the rights to reach a decoder, and has no others (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ host }) => {
      const { access } = host;
      const client = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          "--no-check",
          "--quiet",
          `--config=${join(projectFolder(), "deno.json")}`,
          ...decoderClientPermissions(access),
          `--allow-env=${DECODER_VARIABLE}`,
          join(import.meta.dirname!, "client_program.ts"),
          access.decoded,
          access.socket,
        ],
        env: { [DECODER_VARIABLE]: access.socket },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const writer = client.stdin.getWriter();
      await writer.write(new Uint8Array(await encoder(TEXELS, 8, 3).png().toBuffer()));
      await writer.close();
      const report: ClientReport = JSON.parse(await new Response(client.stdout).text());
      assert.ok((await client.status).success);
      assert.deepEqual(report.texels, [...withAlpha(TEXELS).subarray(0, 32)]);
      assert.deepEqual(report.reached, []);
    }),
});

Deno.test({
  name:
    "a program that may no longer connect decodes over the connections that it has (needs POSIX)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withDecoder(async ({ host, folder }) => {
      const picture = await encoder(TEXELS, 8, 3).png().toBuffer();
      const damaged = picture.subarray(0, -30);
      const pictures = { picture, damaged, large: Buffer.from(blackPng(30_000)) };
      const encoded = Object.entries(pictures).map((
        [name, file],
      ) => [name, file.toString("base64")]);
      const file = join(folder, "pictures.json");
      await Deno.writeTextFile(file, JSON.stringify(Object.fromEntries(encoded)));
      const program = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          "--no-check",
          "--quiet",
          `--config=${join(projectFolder(), "deno.json")}`,
          ...decoderClientPermissions(host.access),
          `--allow-read=${file}`,
          `--allow-env=${DECODER_VARIABLE}`,
          join(import.meta.dirname!, "kept_program.ts"),
          file,
          host.access.decoded,
        ],
        env: { [DECODER_VARIABLE]: host.access.socket },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const output = program.stdout.pipeThrough(new TextDecoderStream()).getReader();
      assert.equal((await output.read()).value, "ready\n");
      assert.equal(decodersBelow(host.access.decoded).length, 0);
      await host.close();
      const input = program.stdin.getWriter();
      await input.write(Uint8Array.of(10));
      await input.close();
      const report: KeptReport = JSON.parse((await output.read()).value!);
      assert.ok((await program.status).success);
      await output.cancel();
      assert.deepEqual(report.first, [...withAlpha(TEXELS).subarray(0, 8)]);
      assert.deepEqual(report.widths, Array(7).fill(8));
      assert.equal(report.failures.length, 3);
      for (const text of report.failures) assert.match(text, /^MalformedFileError: /);
      assert.equal(report.aborted, "Error: enough");
      assert.equal(report.waitAborted, "Error: no more waiting");
      assert.equal(report.afterwards, 8);
      assert.equal(report.left, 0, "nothing is left of any picture");
      assert.match(report.connected, /NotCapable/);
      assert.equal(report.gone.length, 3);
      for (const text of report.gone.slice(0, 2)) assert.match(text, /without an answer|has ended/);
      assert.match(report.gone[2]!, /UnsupportedError: Cannot decode pictures as the process that/);
    }),
});

Deno.test({
  name: "a launcher that is killed leaves no decoder, and the next one its files (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const launcher = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--quiet", join(import.meta.dirname!, "killed_host.ts")],
        env: { FORGE3D_CACHE_DIR: folder, TMPDIR: folder },
        cwd: projectFolder(),
        stdout: "piped",
      }).spawn();
      const reader = launcher.stdout.getReader();
      const decoded = new TextDecoder().decode((await reader.read()).value).trim();
      await until(() => decodersBelow(decoded).length === 1, "a decoder starts");
      launcher.kill("SIGKILL");
      await launcher.status;
      await reader.cancel();
      await until(() => decodersBelow(decoded).length === 0, "the decoder ends");
      const left = readdirSync(folder).filter((name) => name.startsWith("forge3d-decoder-"));
      assert.ok(left.length > 0);
      // One that runs is left alone.
      const own = join(folder, `forge3d-decoder-${Deno.pid}-x`);
      Deno.mkdirSync(own);
      const { sweepPrivateFolders } = await import("../../../src/cli/decoder/private_folder.ts");
      await sweepPrivateFolders(folder);
      assert.ok(existsSync(decoded));
      await sweepPrivateFolders(dirname(decoded));
      assert.ok(!existsSync(decoded));
      for (const name of left) assert.ok(!existsSync(join(folder, name)), name);
      assert.ok(existsSync(own));
      assert.equal(dirname(own), folder);
    }),
});

Deno.test({
  name:
    "the launcher, with its own rights, ends a decoder that does not watch itself (needs Linux)",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const deno = join(folder, "deno");
      const decoder = join(import.meta.dirname!, "hungry_decoder.ts");
      const config = `--config='${join(projectFolder(), "deno.json")}'`;
      await Deno.writeTextFile(
        deno,
        `#!/bin/sh\nexec '${Deno.execPath()}' run -A --quiet --no-check ${config} '${decoder}'\n`,
        { mode: 0o755 },
      );
      const picture = join(folder, "a.png");
      await Deno.writeFile(picture, await encoder(TEXELS, 8, 3).png().toBuffer());
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-P=launch",
          "--quiet",
          "--no-check",
          join(import.meta.dirname!, "watching_host.ts"),
          deno,
          picture,
        ],
        env: { TMPDIR: folder },
        cwd: projectFolder(),
      }).output();
      const text = new TextDecoder();
      assert.equal(text.decode(stderr), "");
      const { message, mayReadProcesses } = JSON.parse(text.decode(stdout));
      assert.match(message, /at most 400 MiB of memory: the decoder took \d+ MiB/);
      assert.ok(
        !mayReadProcesses,
        "the launcher's rights are those of a process that has them all",
      );
    }),
});
