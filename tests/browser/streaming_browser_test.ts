import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { CHROMIUM } from "../../src/cli/test/lanes/chromium.ts";
import { bakePicture } from "../../src/mod.ts";
import sharp from "sharp";
import type { PageResult } from "./streaming_page.ts";

const PAGE = fileURLToPath(new URL("streaming_page.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

/** Left half red, right half blue. */
function twoColors(): Promise<Uint8Array> {
  const left = { create: { width: 256, height: 512, channels: 3 as const, background: "#c02020" } };
  return sharp({ create: { width: 512, height: 512, channels: 3, background: "#2030c0" } })
    .composite([{ input: left, left: 0, top: 0 }]).png().toBuffer();
}

/** Runs the page in a browser and returns what it found. */
async function runPage(folder: string): Promise<PageResult> {
  const script = `${folder}/page.js`;
  const bundled = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=browser", `--config=${CONFIG}`, PAGE, "-o", script],
  }).output();
  assert.ok(bundled.success, new TextDecoder().decode(bundled.stderr));
  await Deno.writeFile(`${folder}/picture.png`, await twoColors());
  await bakePicture(null, `${folder}/picture.png`, {
    output: `${folder}/picture.ktx2`,
    format: "rgba8",
  });
  const files: Record<string, [string, string]> = {
    "/page.js": [script, "text/javascript"],
    "/picture.ktx2": [`${folder}/picture.ktx2`, "application/octet-stream"],
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const file = files[new URL(request.url).pathname];
    const html = '<!doctype html><title>test</title><script type="module" src="/page.js"></script>';
    return file
      ? new Response(await Deno.readFile(file[0]), { headers: { "content-type": file[1] } })
      : new Response(html, { headers: { "content-type": "text/html" } });
  });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${server.addr.port}/`, { waitUntil: "load" });
    const result = await page.evaluate(() => (globalThis as { result?: unknown }).result);
    assert.deepEqual(errors, []);
    return result as PageResult;
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

Deno.test({
  name: "the library streams and draws in a browser, bundled (needs chromium)",
  ignore: !existsSync(CHROMIUM),
  // The browser's driver keeps sockets of its own open for a while after it was closed.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const result = await runPage(folder);
      assert.ok(result.cold.tilesLoaded > 0 && result.cold.waited);
      assert.equal(result.settled.tilesRequested, 0);
      assert.equal(result.settled.cacheMisses, 0);
      assert.deepEqual(result.right, [0x20, 0x30, 0xc0, 255]);
      assert.deepEqual(result.left, [0xc0, 0x20, 0x20, 255]);
      assert.ok(result.peakMemory > 0 && result.peakMemory <= result.totalBudget);
      assert.equal(result.memoryAfterClose, 0);
      assert.equal(result.generation, 4);
      assert.equal(result.changedPictures, 0);
      const { isOther, bytes, bytesInFlight, ringCount } = result.rings;
      assert.ok(!isOther);
      assert.deepEqual([bytesInFlight, ringCount], [0, 2]);
      assert.ok(bytes >= 4 * 72 * 512, `${bytes} bytes went through them`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
