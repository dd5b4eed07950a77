import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeBasis, MODES, samplePicture } from "../../sources/ktx2/basis/encode_basis.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { runPy } from "../../python/run_py.ts";

const LOAD = `import sys, forge3d
from forge3d import streaming
with streaming.VirtualTextureSystem(forge3d.get_device(), max_memory_mb=32) as system:
    for path in sys.argv[1:]:
        texture = system.load_texture(path, preferred_format="BC7")
        print(texture.size, texture.info.split(", ")[-1])
`;

Deno.test("a script, which starts no workers, loads textures of Basis Universal", async () => {
  await withFolder(async (folder) => {
    const paths: string[] = [];
    for (const mode of [MODES.ETC1S, MODES.UASTC]) {
      const path = join(folder, `form ${mode}.ktx2`);
      await Deno.writeFile(path, await encodeBasis(samplePicture(70, 40), { mode }));
      paths.push(path);
    }
    const script = join(folder, "load.py");
    await Deno.writeTextFile(script, LOAD);
    const { code, stdout, stderr } = await runPy([script, ...paths], {
      folder,
      environment: { FORGE3D_CACHE_DIR: join(folder, "cache") },
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "(70, 40) transcoded to bc7-rgba-unorm-srgb\n".repeat(2));
  });
});
