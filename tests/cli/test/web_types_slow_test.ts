import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkWebTypes } from "../../../src/cli/test/web_types.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

/** Whether a program type-checks as a web page's code, and what the check printed. */
async function check(code: string): Promise<{ holds: boolean; output: string }> {
  let result = { holds: false, output: "" };
  await withFolder(async (folder) => {
    const file = join(folder, "page.ts");
    writeFileSync(file, code);
    result = await checkWebTypes([file]);
  });
  return result;
}

Deno.test("a page's program that imports the library type-checks against the browser's types", async () => {
  const { holds, output } = await check(`
    import { requestDevice, VirtualTextureSystem } from "@forge3d/forge3d";
    const adapter: GPUAdapter | null = await navigator.gpu.requestAdapter();
    document.title = adapter?.info.vendor ?? "";
    const system = new VirtualTextureSystem(await requestDevice());
    system.close();`);
  assert.ok(holds, output);
});

Deno.test("negative control: Deno's namespace does not type-check", async () => {
  const { holds, output } = await check(`export const os = Deno.build.os;`);
  assert.ok(!holds);
  assert.match(output, /Cannot find name 'Deno'/);
});

Deno.test("negative control: a wrong type in a module that the page imports is found", async () => {
  const { holds, output } = await check(`
    import { requestDevice } from "@forge3d/forge3d";
    export const device: HTMLCanvasElement = await requestDevice();`);
  assert.ok(!holds);
  assert.match(output, /HTMLCanvasElement/);
});
