import assert from "node:assert/strict";
import { join } from "node:path";
import { planeMesh } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  describeScene,
  expressions as e,
  Material,
  openProjectScene,
  Project,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { textureStandIn } from "../../../src/rvt/check/texture_stand_in.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { FORMAT_ROWS, makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";

const LAYERS = makeKtx2({
  row: FORMAT_ROWS["rgba8unorm"]!,
  width: 64,
  height: 64,
  layers: 3,
  levels: [{ stored: noise(3 * 64 * 64 * 4, 1) }],
});

Deno.test("a project says which image of a file a texture is, and a stand-in is of the same", () =>
  withFolder(async (folder) => {
    const path = join(folder, "map.ktx2");
    await Deno.writeFile(path, LAYERS);
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      tileSize: 64,
      cacheFolder: join(folder, "cache"),
    });
    const map = await system.loadTexture(path, { layer: 2 });
    const material = new Material({
      name: "Map",
      baseColor: e.componentMask(e.virtualTextureSample(map), "xyz"),
    });
    const components = [
      new StaticMeshComponent({ name: "Floor", mesh: planeMesh(), material }),
    ];
    const project = await describeScene({ components, volumes: [] }, { name: "Main", folder });
    const [json] = project.content.streamedTextures;
    assert.deepEqual(json, { name: "map", file: "map.ktx2", layer: 2 });
    await using opened = await openProjectScene(project, system);
    const [first, second] = system.textures;
    assert.match(second!.info, /layer 2 of 3/);
    assert.equal(second!.identity, first!.identity);
    assert.equal(opened.scene.components.length, 1);
    assert.equal((await textureStandIn(json!, path)).identity, map.identity);
    const { layer: _, ...none } = json!;
    await assert.rejects(textureStandIn(none, path), /choose layer from 0 to 2$/);
    await assert.rejects(textureStandIn({ ...none, layer: 3 }, path), /layer must be .* 0 to 2/);
    const wrong = { ...project.content, streamedTextures: [{ ...none, layer: -1 }] };
    assert.throws(() => new Project(wrong), /layer must be/);
  }));
