import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UnsupportedError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  describeScene,
  expressions as e,
  LandscapeComponent,
  loadProject,
  Material,
  openProjectScene,
  type Project,
  type RuntimeVirtualTextureScene,
  saveProject,
} from "../../../src/rvt/mod.ts";
import { encodePng } from "../../../src/sources/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { makeArchive, SMALL } from "../../sources/tile_store/made_store.ts";
import { EditedSource } from "../source/sampled_scene.ts";

const SIDE = 33;
const LOGGER = { debug() {}, info() {}, warn() {}, error() {} };
const STORE = await makeArchive({ ...SMALL, width: 64, height: 64, tileSize: 64, border: 4 });

/** A grey picture of heights. */
async function heightsPicture(): Promise<Uint8Array> {
  const random = seededRandom(4);
  const data = Uint8Array.from({ length: SIDE * SIDE }, () => random() * 256);
  return await encodePng({ width: SIDE, height: SIDE, layout: "grey8", data });
}

/** A landscape of streamed heights, whose material shows a streamed map. */
function land(map: StreamedTexture, heights: StreamedTexture): LandscapeComponent {
  const color = e.componentMask(e.virtualTextureSample(map), "xyz");
  return new LandscapeComponent({
    name: "Hills",
    material: new Material({ name: "Map", baseColor: color }),
    heightTexture: { texture: heights, scale: 20, offset: -3, heightRange: [-3, 12] },
  });
}

/** A folder with both files, a system, and a landscape of them. */
async function withLand(
  folder: string,
  use: (
    made: { components: LandscapeComponent[]; volumes: [] },
    system: VirtualTextureSystem,
  ) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(join(folder, "data"));
  await Deno.writeFile(join(folder, "data/Big map.pmtiles"), STORE);
  await Deno.writeFile(join(folder, "data/heights.png"), await heightsPicture());
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    tileSize: 64,
    cacheFolder: join(folder, "cache"),
    logger: LOGGER,
  });
  const map = await system.loadTexture(pathToFileURL(join(folder, "data/Big map.pmtiles")));
  const heights = await system.loadTexture(join(folder, "data/../data/heights.png"), {
    colorSpace: "linear",
    preferredFormat: "R8",
    wrap: ["repeat", "clamp"],
  });
  await use({ components: [land(map, heights)], volumes: [] }, system);
}

/** What a scene is described as, once its project was opened. */
async function reopened(
  folder: string,
  system: VirtualTextureSystem,
  use: (scene: RuntimeVirtualTextureScene) => Promise<void>,
): Promise<void> {
  await using opened = await openProjectScene(await loadProject(folder), system);
  await use(opened.scene);
}

const listed = ({ content }: Project) => content.streamedTextures;

Deno.test("streaming textures are saved with copies of the files that they were loaded from", () =>
  withFolder((folder) =>
    withLand(folder, async (made, system) => {
      const project = await describeScene(made, { name: "Main" });
      assert.deepEqual(listed(project), [
        {
          name: "heights",
          file: "textures/heights.png",
          colorSpace: "linear",
          preferredFormat: "R8",
          wrap: ["repeat", "clamp"],
        },
        { name: "big_map", file: "textures/big_map.pmtiles" },
      ]);
      assert.ok(!JSON.stringify(project.content).includes(folder), "no path of this machine");
      const saved = join(folder, "saved");
      const written = await saveProject(project, saved);
      assert.deepEqual(written.slice(0, 2), listed(project).map(({ file }) => file));
      assert.deepEqual(await Deno.readFile(join(saved, "textures/big_map.pmtiles")), STORE);
      await reopened(saved, system, async (scene) => {
        const [hills] = scene.components as [LandscapeComponent];
        const { scale, offset, range, channel } = hills.surface.streamedHeights!;
        assert.deepEqual([scale, offset, range, channel], [20, -3, [-3, 12], 0]);
        assert.equal(hills.surface.width, SIDE);
        const again = await describeScene(scene, { name: "Main" });
        assert.deepEqual(again.content, project.content);
        const inPlace = await describeScene(scene, { name: "Main", folder: saved });
        assert.deepEqual(inPlace.content, project.content);
        assert.deepEqual(await saveProject(inPlace, saved), [], "all of it is there");
      });
      await using fromCode = await openProjectScene(project, system);
      assert.equal(fromCode.scene.components.length, 1, "a project opens before it is saved");
    })
  ));

Deno.test("files inside of the project's folder stay where they are, others are copied", () =>
  withFolder((folder) =>
    withLand(folder, async (made, system) => {
      const project = await describeScene(made, { name: "Main", folder });
      assert.deepEqual(listed(project).map(({ name, file }) => [name, file]), [
        ["heights", "data/heights.png"],
        ["Big map", "data/Big map.pmtiles"],
      ]);
      assert.deepEqual(await saveProject(project, folder), ["project.json"]);
      await reopened(folder, system, async (scene) => {
        const again = await describeScene(scene, { name: "Main", folder });
        assert.deepEqual(again.content, project.content);
      });
      const part = await describeScene(made, { name: "Main", folder: join(folder, "dat") });
      assert.equal(listed(part)[1]!.file, "textures/big_map.pmtiles", "not by its beginning alone");
    })
  ));

Deno.test("textures that were loaded from no file, or share a name, are refused with what to do", () =>
  withFolder((folder) =>
    withLand(folder, async ({ components: [hills] }, system) => {
      const made = await system.loadTexture(new EditedSource().tiles());
      const bytes = await system.loadTexture(STORE);
      const { texture: heights } = hills!.surface.streamedHeights!;
      for (const texture of [made, bytes]) {
        assert.equal(texture.file, null);
        await assert.rejects(
          describeScene({ components: [land(texture, heights)], volumes: [] }, { name: "Main" }),
          {
            name: UnsupportedError.name,
            message: new RegExp(
              `^Cannot describe scene as streaming texture "${texture.name}" of material "Map" cannot be ` +
                "saved: it was not loaded from a file: load it from a tile store, a KTX2 file or a picture",
            ),
          },
        );
      }
      const double = await system.loadTexture(heights.name, { colorSpace: "linear" });
      await assert.rejects(
        describeScene({ components: [land(double, heights)], volumes: [] }, { name: "Main" }),
        { name: "OutOfRangeError", message: /two of its streaming textures are called/ },
      );
      await assert.rejects(
        describeScene({ components: [], volumes: [] }, { name: "Main", folder: 3 as never }),
        { name: "InvalidArgumentError", message: /folder must be a string/ },
      );
    })
  ));
