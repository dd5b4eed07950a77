import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { projectFolder } from "../../../src/cli/folders.ts";
import { FORMAT_ROWS, type FormatRow, makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";
import { EditedTiff } from "../../sources/picture/edited_tiff.ts";
import { runTask } from "../run_task.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

async function writePicture(path: string, width: number, height: number): Promise<void> {
  const background = { r: 200, g: 120, b: 40 };
  await sharp({ create: { width, height, channels: 3, background } }).png().toFile(path);
}

Deno.test("vt bakes into the user's folder and describes the result, one line per file", async () => {
  await withFolder(async (folder) => {
    await writePicture(join(folder, "a b.png"), 300, 130);
    for (const out of ["a.pmtiles", "a.ktx2"]) {
      const wrap = out.endsWith("ktx2") ? "clamp" : "repeat,clamp";
      const options = ["--format", "rgba8", "--tile-size", "64", "--wrap", wrap];
      const args = ["bake", "a b.png", "-o", out, ...options];
      const { code, stderr } = await runTask("vt", args, { folder });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /300 × 130, rgba8unorm-srgb, 9 levels.* in .* s\n$/);
    }
    writeFileSync(join(folder, "bad.ktx2"), "no texture");
    assert.deepEqual(readdirSync(folder).sort(), ["a b.png", "a.ktx2", "a.pmtiles", "bad.ktx2"]);

    const files = ["a.pmtiles", "bad.ktx2", "none.png", "a.ktx2", "a b.png"];
    const info = await runTask("vt", ["info", "--tile-size=64", ...files], { folder });
    assert.equal(info.code, 1, "a bad file makes the exit code 1");
    const lines = info.stdout.trimEnd().split("\n");
    assert.equal(lines.length, files.length, info.stdout);
    for (const [index, file] of files.entries()) assert.ok(lines[index]!.startsWith(`${file}: `));
    assert.match(lines[0]!, /tile store 300 × 130; rgba8unorm-srgb.*9 levels; scheme none; 5 × 3 /);
    assert.match(lines[1]!, /error: Cannot read KTX2 file/);
    assert.match(lines[2]!, /error: .*there is no such file/);
    assert.match(lines[3]!, /ktx2 300 × 130; R8G8B8A8_SRGB.*memory: whole /);
    assert.match(lines[4]!, /png 300 × 130; .*1 of 9 levels/);

    const good = await runTask("vt", ["info", "--json", "a.pmtiles"], { folder });
    assert.equal(good.code, 0);
    const record = JSON.parse(good.stdout);
    assert.deepEqual([record.width, record.height, record.levels], [300, 130, 9]);
    assert.deepEqual(record.tiles, { size: 64, border: 4, columns: 5, rows: 3, count: 29 });
    assert.equal(record.memory.tile, 72 * 72 * 4);
    assert.deepEqual(record.store.wrap, { x: "repeat", y: "clamp" });
    assert.equal(record.file_size, readFileSync(join(folder, "a.pmtiles")).length);
    const bad = await runTask("vt", ["info", "--json", "bad.ktx2"], { folder });
    assert.equal(JSON.parse(bad.stdout).error.code, "malformed-file");
  });
});

Deno.test("vt info distinguishes a cut-off picture from a whole one, unless the header is enough", async () => {
  await withFolder(async (folder) => {
    const noise = { type: "gaussian" as const, mean: 128, sigma: 60 };
    const picture = sharp({
      create: { width: 256, height: 256, channels: 3, background: "#888", noise },
    });
    const files = [];
    for (const format of ["png", "jpeg", "tiff"] as const) {
      const bytes = await picture.clone().toFormat(format).toBuffer();
      writeFileSync(join(folder, `whole.${format}`), bytes);
      writeFileSync(join(folder, `cut.${format}`), bytes.subarray(0, bytes.length * 0.6));
      files.push(`whole.${format}`, `cut.${format}`);
    }
    const { code, stdout } = await runTask("vt", ["info", ...files], { folder });
    assert.equal(code, 1);
    for (const [index, line] of stdout.trimEnd().split("\n").entries()) {
      assert.equal(line.includes(": error: "), files[index]!.startsWith("cut"), line);
    }
    const header = await runTask("vt", ["info", "--header", "whole.png", "cut.png"], { folder });
    assert.equal(header.code, 0, header.stdout);
    assert.equal(header.stderr, "", "no progress of what takes no time");
  });
});

Deno.test("vt info takes names from standard input, verifies them and sums them up", async () => {
  await withFolder(async (folder) => {
    const row = FORMAT_ROWS["rgba8unorm"]!;
    const file = (parts: Partial<Parameters<typeof makeKtx2>[0]>) =>
      makeKtx2({ row, width: 4, height: 4, levels: [{ stored: noise(64, 1) }], ...parts });
    writeFileSync(join(folder, "a b.ktx2"), file({}));
    writeFileSync(join(folder, "integers.ktx2"), file({ row: integers(row) }));
    const stored = deflateSync(noise(64, 1));
    stored[stored.length - 1]! ^= 1;
    const levels = [{ stored: new Uint8Array(stored), uncompressedLength: 64 }];
    writeFileSync(join(folder, "sum.ktx2"), file({ scheme: 3, levels }));
    for (
      const input of ["a b.ktx2\nintegers.ktx2\nsum.ktx2\n", "a b.ktx2\0integers.ktx2\0sum.ktx2"]
    ) {
      const run = await runTask("vt", ["info", "--verify", "-"], { folder, input });
      assert.equal(run.code, 1, run.stderr);
      const lines = run.stdout.trimEnd().split("\n");
      assert.match(lines[0]!, /^a b\.ktx2: .*; verified$/);
      assert.match(lines[1]!, /^integers\.ktx2: .*not supported: format R8G8B8A8_UINT; verified$/);
      assert.match(lines[2]!, /^sum\.ktx2: error: .* as its data is damaged/);
      assert.equal(lines.length, 3);
      assert.match(run.stderr, /^3 files: 1 fine, 1 not supported, 1 with errors$/m);
    }
    const none = await runTask("vt", ["info", "-"], { folder, input: "" });
    assert.deepEqual([none.code, none.stdout, none.stderr], [0, "", "0 files: 0 fine\n"]);
    const both = await runTask("vt", ["info", "--verify", "--header", "a b.ktx2"], { folder });
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--verify reads everything and --header does not/);
    const json = await runTask("vt", ["info", "--json", "--verify", "a b.ktx2"], { folder });
    const { verified, layers, faces, depth } = JSON.parse(json.stdout);
    assert.deepEqual([verified, layers, faces, depth], [true, 0, 1, 0]);
  });
});

Deno.test("vt bake makes a tile store of one image of a KTX2 file", async () => {
  await withFolder(async (folder) => {
    const row = FORMAT_ROWS["rgba8unorm"]!;
    const levels = [{ stored: noise(64 * 64 * 4 * 2, 1) }];
    writeFileSync(
      join(folder, "a.ktx2"),
      makeKtx2({ row, width: 64, height: 64, layers: 2, levels }),
    );
    await writePicture(join(folder, "a.png"), 30, 13);
    const rgba8 = ["--format", "rgba8"];
    const good = await runTask("vt", ["bake", "a.ktx2", "-o", "a.pmtiles", "--layer=1", ...rgba8], {
      folder,
    });
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stderr, /a\.pmtiles, 64 × 64, rgba8unorm, 7 levels, 7 tiles, /);
    const info = await runTask("vt", ["info", "--verify", "a.pmtiles"], { folder });
    assert.match(info.stdout, /tile store 64 × 64; rgba8unorm \(linear\).*; verified\n$/);
    const wrong: [readonly string[], RegExp][] = [
      [["a.ktx2", "-o", "b.pmtiles"], /2D array of 2: choose layer from 0 to 1/],
      [["a.ktx2", "-o", "b.pmtiles", "--layer=2"], /layer must be an integer from 0 to 1/],
      [["a.ktx2", "-o", "b.pmtiles", "--layer=x"], /--layer must be an integer/],
      [["a.ktx2", "-o", "b.ktx2", "--layer=0"], /output of a KTX2 file must end in \.pmtiles/],
      [["a.png", "-o", "b.pmtiles", "--face=0"], /no KTX2 file, so that --face must be left out/],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await runTask("vt", ["bake", ...args, ...rgba8], { folder });
      assert.notEqual(code, 0, args.join(" "));
      assert.match(stderr, message);
    }
    assert.deepEqual(readdirSync(folder).sort(), ["a.ktx2", "a.pmtiles", "a.png"]);
  });
});

/** The same texels as unsigned integers, which are not supported. */
function integers(row: FormatRow): FormatRow {
  const samples = row.samples.map(([offset, bits, channel]) =>
    [offset, bits, channel, 0, 1] as const
  );
  return { ...row, vkFormat: 41, samples };
}

Deno.test("with wrong arguments vt names the mistake and the help, and leaves nothing", async () => {
  await withFolder(async (folder) => {
    await writePicture(join(folder, "a.png"), 8, 8);
    const wrong: [string[], RegExp][] = [
      [["shrink"], /must be one of bake, info, cache, rvt, doctor: current value is shrink/],
      [["info"], /none is named/],
      [["bake", "a.png"], /-o OUT, the file to write, is missing/],
      [["bake", "a.png", "--nope"], /there is no option --nope\n/],
      [["bake", "a.png", "-o", "b.ktx2", "-o", "c.ktx2"], /-o or --output must be given once/],
      [["bake", "a.png", "-o", "a.png"], /must end in \.pmtiles or \.ktx2/],
      [["bake", "a.png", "-o", "b.ktx2", "--format", "rgba8", "--quality", "best"], /low, medium/],
      [["bake", "a.png", "-o", "b.ktx2", "--format", "rgba8", "--tile-size", "0"], /tile-size/],
      [["bake", "a.png", "-o", "b.pmtiles", "--wrap", "mirror"], /--wrap must be one of clamp, re/],
      [
        ["bake", "a.png", "-o", "b.pmtiles", "--wrap", "clamp,"],
        /--wrap\[1\] must be one of clamp/,
      ],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await runTask("vt", args, { folder });
      assert.match(stderr, message);
      assert.match(stderr, /See: deno task vt.* --help/);
      assert.equal(code, 2, args.join(" "));
    }
    assert.deepEqual(readdirSync(folder), ["a.png"]);
  });
});

Deno.test("an output that cannot be written fails before the picture is decoded, and says why", async () => {
  await withFolder(async (folder) => {
    await writePicture(join(folder, "a.png"), 8, 8);
    await writePicture(join(folder, "b.png"), 8, 8);
    Deno.renameSync(join(folder, "b.png"), join(folder, "b.ktx2"));
    const cases: [picture: string, output: string, message: RegExp, code: number][] = [
      ["a.png", "none/a.ktx2", /error: Cannot write none\/a\.ktx2: there is no folder none\n$/, 1],
      ["a.png", "a.png/a.ktx2", /error: Cannot write .*: a\.png is not a folder\n$/, 1],
      ["b.ktx2", "./b.ktx2", /error: .* must be another file than the picture: .*\nSee: /, 2],
    ];
    for (const [picture, output, message, code] of cases) {
      const args = ["bake", picture, "-o", output, "--format", "rgba8"];
      const outcome = await runTask("vt", args, { folder });
      assert.match(outcome.stderr, message);
      assert.doesNotMatch(outcome.stderr, /%/, "no progress");
      assert.equal(outcome.code, code);
    }
    assert.deepEqual(readdirSync(folder).sort(), ["a.png", "b.ktx2"]);
  });
});

Deno.test("one level and one tile are counted in the singular", async () => {
  await withFolder(async (folder) => {
    await writePicture(join(folder, "a.png"), 1, 1);
    const args = ["bake", "a.png", "-o", "a.pmtiles", "--format", "rgba8"];
    const { stderr } = await runTask("vt", args, { folder });
    assert.match(stderr, /, 1 level, 1 tile, /);
    const { stdout } = await runTask("vt", ["info", "a.pmtiles"], { folder });
    assert.match(stdout, /; 1 level; .*; 1 × 1 tile of 256 /);
  });
});

Deno.test("a picture that cannot be baked fails with its name and leaves nothing", async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, "cut.png"), new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10]));
    for (const picture of ["cut.png", "none.png"]) {
      const args = ["bake", picture, "-o", "b.ktx2", "--format", "rgba8"];
      const { code, stderr } = await runTask("vt", args, { folder });
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`error: .*${picture}`));
    }
    assert.deepEqual(readdirSync(folder), ["cut.png"]);
  });
});

Deno.test("vt names the limit beyond which a picture goes, and tells what cannot be decoded", async () => {
  await withFolder(async (folder) => {
    await writePicture(join(folder, "a.png"), 300, 130);
    const tiff = new EditedTiff(
      await sharp(join(folder, "a.png")).tiff({ compression: "deflate" }).toBuffer(),
    );
    writeFileSync(join(folder, "lzma.tif"), tiff.set(259, 34925).bytes);
    const cases: [string[], RegExp][] = [
      [["info", "--max-pixels", "38999", "a.png"], /at most 38999 texels: .*FORGE3D_MAX_PIXELS/],
      [["info", "--max-decode-memory=20", "a.png"], /at most 20 MiB .*FORGE3D_MAX_DECODE_MEMORY/],
      [["info", "lzma.tif"], /must be none, .*: current value is LZMA \(34925\)/],
      [
        ["info", "--max-pixels", "no", "a.png"],
        /--max-pixels must be an integer >= 1: current value is no/,
      ],
    ];
    const baked = ["-o", "b.ktx2", "--format", "rgba8"];
    for (const [[, ...args], message] of [...cases]) {
      cases.push([["bake", ...args, ...baked], message]);
    }
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await runTask("vt", args, { folder });
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, message, args.join(" "));
    }
    assert.deepEqual(readdirSync(folder).sort(), ["a.png", "lzma.tif"]);
  });
});

Deno.test("an interrupted bake says so, exits with 130 and leaves nothing", async () => {
  await withFolder(async (folder) => {
    await writePicture(join(folder, "a.png"), 6000, 6000);
    const script = join(projectFolder(), "src", "cli", "vt", "vt.ts");
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", script, "bake", "a.png", "-o", "b.pmtiles"]
        .concat("--format=rgba8"),
      cwd: folder,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const written = new Response(child.stderr).text();
    // The output is begun under another name before the picture is decoded.
    while (readdirSync(folder).length === 1) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGINT");
    const text = await written;
    assert.equal((await child.status).code, 130, text);
    assert.match(text, /Interrupted: nothing was written\n$/);
    assert.deepEqual(readdirSync(folder), ["a.png"]);
  });
});

Deno.test("every command has a help text", async () => {
  const commands = [["demo"], ["demo:rvt"], ["test"], ["ok"], ["py"], ["vt"], ["vt", "bake"], [
    "vt",
    "info",
  ], [
    "bench",
  ]];
  const outcomes = await Promise.all(
    commands.map(([name, ...rest]) => runTask(name!, [...rest, "--help"])),
  );
  for (const [index, { code, stdout }] of outcomes.entries()) {
    const name = commands[index]!.join(" ");
    assert.equal(code, 0, name);
    assert.ok(stdout.startsWith(`Usage: deno task ${name}`), `${name}: ${stdout}`);
    assert.match(stdout, /--help/, name);
  }
});
