import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { checkProject, loadProject } from "../../src/rvt/mod.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { PROJECT } from "../house/project.ts";

type Kind = "sky" | "grass" | "leaf" | "other";

function kindOf(r: number, g: number, b: number): Kind {
  if (b > r + 30 && b > g + 10) return "sky";
  if (g > 1.15 * r && g > 1.3 * b) return "grass";
  return r > 1.1 * g && g > 1.3 * b && r > 110 ? "leaf" : "other";
}

async function countPixels(path: string): Promise<Record<Kind, number>> {
  const { data } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const found = { sky: 0, grass: 0, leaf: 0, other: 0 };
  for (let at = 0; at < data.length; at += 3) {
    found[kindOf(data[at]!, data[at + 1]!, data[at + 2]!)]++;
  }
  return found;
}

Deno.test("rvt_project.ts draws the valley with its leaves, and without them where nothing is virtual", () =>
  withFolder(async (folder) => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-all", "examples/rvt_project.ts", folder],
      cwd: PROJECT,
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stdout);
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.match(said, /^Checked: 0 findings\nvalley.png: [1-9]\d* tiles rendered\n/);
    assert.match(said, /without_virtual_texturing.png: 0 tiles rendered\n$/);
    const cached = await countPixels(join(folder, "valley.png"));
    const direct = await countPixels(join(folder, "valley_without_virtual_texturing.png"));
    for (const found of [cached, direct]) {
      assert.ok(found.grass > 70_000 && found.sky > 70_000, JSON.stringify([cached, direct]));
    }
    assert.ok(cached.leaf > 1500 && direct.leaf < 100, JSON.stringify([cached, direct]));
    assert.ok(Math.abs(cached.sky - direct.sky) < 300, "the same hills stand before the sky");
  }));

Deno.test("negative control: the valley's ground without its feature switches has no fallback", async () => {
  const project = await loadProject(join(PROJECT, "examples/valley_project"));
  assert.deepEqual(await checkProject(project), []);
  const materials = project.content.materials.map((material) =>
    material.name === "Ground" && "pins" in material
      ? { ...material, pins: { baseColor: 15, normal: 16, roughness: 17, specular: 18 } }
      : material
  );
  const found = await checkProject(project.withContent({ materials }));
  assert.deepEqual(found.map(({ code, names }) => [code, ...names]), [
    ["no_fallback", "Ground", "Ground"],
  ]);
});
