import assert from "node:assert/strict";
import { join } from "node:path";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import { IgnoredWarning } from "../../../src/streaming/load/ignored_warning.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import {
  FORMAT_ROWS,
  type Ktx2Parts,
  makeKtx2,
  noiseLevels,
} from "../../sources/ktx2/make_ktx2.ts";

const ROW = FORMAT_ROWS["bc7-rgba-unorm"]!;
const SIZE = { width: 64, height: 64 };
const PREMULTIPLIED = 1;
const PQ = 10;
const BT2020 = 4;
const ALL_PARTS = ["transfer function PQ EOTF", "colour primaries BT.2020"];

function saying(over: Partial<Ktx2Parts>): Uint8Array {
  return makeKtx2({ row: ROW, ...SIZE, levels: noiseLevels(ROW, SIZE, 7), ...over });
}

/** Files by what of them is ignored. */
const FILES: readonly (readonly [ignored: readonly string[], bytes: Uint8Array])[] = [
  [[], saying({ keyValues: [["KTXorientation", "rd\0"], ["KTXswizzle", "rgba\0"]] })],
  [[], saying({ keyValues: [["KTXorientation", "lu\0"], ["KTXswizzle", "bgra\0"]] })],
  [[], saying({ flags: PREMULTIPLIED, transfer: 0, primaries: 0 })],
  [ALL_PARTS.slice(0, 1), saying({ transfer: PQ })],
  [ALL_PARTS.slice(1), saying({ primaries: BT2020 })],
  [ALL_PARTS, saying({ transfer: PQ, primaries: BT2020 })],
];

Deno.test("what a file says and is ignored is in its description, and nothing else is", async () => {
  for (const [ignored, bytes] of FILES) {
    const file = await readKtx2(memorySource(bytes));
    assert.deepEqual(file.ignored, ignored);
    const told = ignored.length === 0 ? null : `ignored: ${ignored.join(" and ")}`;
    assert.equal(/ignored: .*$/.exec(file.describe())?.[0] ?? null, told);
  }
});

/** A logger, and the warnings that it has got. */
function listening() {
  const warnings: string[] = [];
  const none = () => {};
  const warn = (text: string) => {
    warnings.push(text);
  };
  return { warnings, logger: { debug: none, info: none, error: none, warn } };
}

Deno.test("what is ignored of a file is one warning per file and process, which names the file and every part", () =>
  withFolder(async (folder) => {
    const { logger, warnings } = listening();
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, logger, label: "terrain" });
    for (const [index, [ignored, bytes]] of FILES.entries()) {
      const path = join(folder, `file_${index}.ktx2`);
      await Deno.writeFile(path, bytes);
      for (let load = 0; load < 3; load++) {
        const texture = await system.loadTexture(path);
        await system.unloadTexture(texture);
      }
      const told = warnings.splice(0);
      assert.equal(told.length, ignored.length === 0 ? 0 : 1, `${ignored}: ${told}`);
      if (told.length === 0) continue;
      assert.ok(told[0]!.startsWith(`terrain: ${path} `), told[0]);
      for (const part of ignored) assert.ok(told[0]!.includes(part), `${part} in ${told[0]}`);
      assert.match(told[0]!, / (is|are) ignored$/);
    }
    await system.loadTexture(FILES[4]![1]);
    await system.loadTexture(FILES[4]![1]);
    assert.equal(warnings.length, 2, "bytes have no name that tells one file from another");
    using another = new VirtualTextureSystem(device, { tileSize: 64, logger, label: "another" });
    await another.loadTexture(join(folder, "file_4.ktx2"));
    assert.equal(warnings.length, 2, "another system of the process does not warn again");
  }));

Deno.test("files that were warned of are forgotten when there are too many, the oldest first", () => {
  const { logger, warnings } = listening();
  const warning = new IgnoredWarning({ logger, label: "many" });
  const warn = (name: string) => {
    warnings.length = 0;
    warning.warnOfIgnored({ name, ignored: ["swizzle"] }, true);
    return warnings.length;
  };
  assert.equal(warn("first"), 1);
  for (let i = 0; i < 1000; i++) assert.equal(warn(`file ${i}`), 1);
  assert.equal(warn("first"), 0);
  for (let i = 1000; i < 2000; i++) assert.equal(warn(`file ${i}`), 1);
  assert.equal(warn("first"), 0, "it was loaded later than those that were forgotten");
  assert.equal(warn("file 0"), 1);
});
