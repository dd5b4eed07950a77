import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError, MalformedFileError, OutOfRangeError } from "../../../src/errors.ts";
import { lookAt } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  type ComponentJson,
  inspectTile,
  type LandscapeJson,
  loadProject,
  openProjectScene,
  type ProjectContent,
  RuntimeVirtualTextureScene,
} from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { fromAbove, NOON } from "../pictures/picture_scene.ts";
import { QUIET } from "../scene/placed_scene.ts";
import { COMPONENTS, MAIN, sampleContent, sampleFiles, writeSample } from "./sample_project.ts";

/** A system on a device of its own. */
async function withSystem(use: (system: VirtualTextureSystem) => Promise<void>): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    tileSize: 64,
    maxMemoryMb: 64,
    gpuMsPerUpdate: 1e6,
    logger: QUIET,
  });
  await use(system);
}

/** The sample with other components in its scene. */
function withComponents(components: readonly ComponentJson[]): Map<string, unknown> {
  const content: ProjectContent = {
    ...sampleContent(),
    scenes: [{ ...MAIN, components }],
  };
  return sampleFiles(content);
}

Deno.test("a scene is made with all that the project says, in its order, and leaves nothing", () =>
  withFolder((folder) =>
    withSystem(async (system) => {
      await writeSample(folder);
      const project = await loadProject(folder);
      const opened = await openProjectScene(project, system);
      const { scene, components, volumes, assets, materials } = opened;
      assert.deepEqual(scene.components, components);
      assert.deepEqual(scene.volumes, volumes);
      assert.deepEqual(
        components.slice(0, 6).map(({ name }) => name),
        ["Hills", "Road", "Flag", "Slabs", "Leaves", "Spot"],
      );
      assert.deepEqual([...assets.keys()], ["Ground", "Heights"]);
      assert.deepEqual([...materials.keys()].sort(), ["Ground", "Meadow", "Road"]);
      assert.equal(scene.mode, "editor");
      assert.equal(components[0]!.material, materials.get("Meadow"));
      assert.deepEqual(components[1]!.renderToVirtualTextures, [assets.get("Ground")]);
      const { transform: { position, scale } } = volumes[0]!;
      assert.deepEqual([position[0], position[1], scale[0], scale[1]], [0, 0, 9, 9]);
      const eye = [0, 0, 50];
      const view = lookAt(eye, [0, 0, 0], { up: [0, 1, 0] });
      const picture = await renderScene(scene, { ...fromAbove(64), position: eye, view }, NOON);
      const colors = new Set(new Uint32Array(picture.data.slice().buffer));
      assert.ok(colors.size > 100, `the picture has ${colors.size} colours`);
      await opened.close();
      assert.deepEqual(system.textures, []);
    })
  ));

Deno.test("the inspector calls streamed textures what the project calls them, not by paths", () =>
  withFolder((folder) =>
    withSystem(async (system) => {
      const heightTexture = { texture: "map", scale: 0.5 };
      const { picture: _, layers: __, ...hills } = COMPONENTS[0] as LandscapeJson;
      await writeSample(folder, withComponents([{ ...hills, heightTexture, name: "Hills" }]));
      await using opened = await openProjectScene(await loadProject(folder), system);
      const ground = opened.assets.get("Ground")!;
      const { writers } = await inspectTile(opened.scene, ground, { level: 1, x: 0, y: 0 });
      assert.deepEqual(writers.map(({ sources }) => sources.streamedTextures), [["map"]]);
      assert.ok(opened.scene.system.textures.some(({ name }) => name.includes(folder)));
    })
  ));

Deno.test("a scene that cannot be made is refused by its place, and nothing is left of it", () =>
  withFolder((folder) =>
    withSystem(async (system) => {
      const land = COMPONENTS[0] as ComponentJson & { kind: "landscape" };
      const flag = COMPONENTS[2] as ComponentJson & { kind: "static_mesh" };
      const cases: [ComponentJson, RegExp][] = [
        [
          { ...land, picture: { file: "pictures/none.png", scale: 1 } },
          /^Cannot read project as scenes\/main.json: components\[0\].picture.file names pictures\/none.png, which does not exist$/,
        ],
        [
          { ...land, picture: { file: "project.json", scale: 1 } },
          /^Cannot read project as scenes\/main.json: components\[0\].picture.file cannot be made: /,
        ],
        [
          {
            ...land,
            layers: { grass: "pictures/map.png" },
            picture: { file: "pictures/small.png", scale: 1 },
          },
          /components\[0\].layers.grass must be a picture as large as its landscape, 2 by 2: current size is 9 by 9$/,
        ],
        [
          { ...flag, name: "Hills", mesh: { file: "meshes/flag.glb", name: "flags" } },
          /components\[0\].mesh must name one mesh of meshes\/flag.glb: current name is flags, of the meshes flag$/,
        ],
        [
          { ...flag, name: "Hills", mesh: { file: "pictures/map.png" } },
          /components\[0\].mesh.file cannot be made: Cannot load GLB file/,
        ],
        [
          { ...flag, name: "Hills", transform: { scale: [0, 1, 1] } },
          /^Cannot read project as scenes\/main.json: components\[0\] cannot be made: .* no scale may be 0/,
        ],
      ];
      for (const [component, message] of cases) {
        await writeSample(folder, withComponents([component]));
        const { default: sharp } = await import("sharp");
        await sharp(new Uint8Array(4), { raw: { width: 2, height: 2, channels: 1 } })
          .toColourspace("b-w").png().toFile(join(folder, "pictures/small.png"));
        const project = await loadProject(folder);
        const error = await openProjectScene(project, system).then(() => null, (error) => error);
        assert.ok(error instanceof MalformedFileError || error instanceof FileError, String(error));
        assert.match(error.message, message);
        assert.deepEqual(system.textures, []);
      }
      await writeSample(folder);
      const project = await loadProject(folder);
      await assert.rejects(openProjectScene(project, system, { scene: "Other" }), {
        name: OutOfRangeError.name,
        message:
          `Cannot find scene of project "Sample" as scene must be one of "Main": current value is "Other"`,
      });
      const reason = new Error("enough");
      const signal = AbortSignal.abort(reason);
      await assert.rejects(openProjectScene(project, system, { signal }), (error) =>
        error === reason);
      assert.deepEqual(system.textures, []);
      // Also where the last volume is there already.
      const late = new AbortController();
      const { addVolume } = RuntimeVirtualTextureScene.prototype;
      RuntimeVirtualTextureScene.prototype.addVolume = async function (volume) {
        await addVolume.call(this, volume);
        late.abort(reason);
      };
      try {
        await assert.rejects(
          openProjectScene(project, system, { signal: late.signal }),
          (error) =>
            error === reason,
        );
      } finally {
        RuntimeVirtualTextureScene.prototype.addVolume = addVolume;
      }
      assert.deepEqual(system.textures, []);
    })
  ));

Deno.test("a volume keeps its baked low mips in a file of the project, and nowhere else", () =>
  withFolder((folder) =>
    withSystem(async (system) => {
      const [volume] = MAIN.volumes!;
      const baking = {
        ...volume!,
        streamingLowMips: 1,
        virtualTextureBuilder: "baked/land.pmtiles",
      };
      const scenes = [{ ...MAIN, volumes: [baking] }];
      await writeSample(folder, sampleFiles({ ...sampleContent(), scenes }));
      await Deno.mkdir(join(folder, "baked"));
      const opened = await openProjectScene(await loadProject(folder), system);
      await opened.scene.build(opened.volumes[0]!);
      await opened.close();
      assert.ok((await Deno.stat(join(folder, "baked/land.pmtiles"))).size > 0);
      await Deno.remove(join(folder, "baked"), { recursive: true });
      const outside = await Deno.makeTempDir();
      await Deno.symlink(outside, join(folder, "baked"));
      await assert.rejects(openProjectScene(await loadProject(folder), system), {
        message:
          "Cannot read project as scenes/main.json: volumes[0].virtualTextureBuilder names " +
          "baked/land.pmtiles, which lies outside of the project's folder",
      });
      await Deno.remove(outside);
    })
  ));

Deno.test("a material that is not valid is refused by its file and its node", () =>
  withFolder((folder) =>
    withSystem(async (system) => {
      const files = sampleFiles();
      const road = files.get("materials/road.json") as { nodes: { inputs: number[] }[] };
      files.set("materials/road.json", {
        ...road,
        nodes: road.nodes.with(1, { ...road.nodes[1]!, inputs: [0, 0] }),
      });
      await writeSample(folder, files);
      await assert.rejects(openProjectScene(await loadProject(folder), system), {
        name: MalformedFileError.name,
        message:
          "Cannot read project as materials/road.json cannot be made: Cannot read material " +
          '"Road" as node 1 (texture_sample) is not valid: Cannot make node as inputs must be 1: ' +
          "current value has 2",
      });
    })
  ));
