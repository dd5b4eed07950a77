import assert from "node:assert/strict";
import { join } from "node:path";
import { MalformedFileError } from "../../../src/errors.ts";
import { boxMesh, type WorldBounds } from "../../../src/geometry/mod.ts";
import { textureStandIn } from "../../../src/rvt/check/texture_stand_in.ts";
import { boundsBeyond, encodeGlb } from "../../../src/rvt/component/mod.ts";
import { checkProject, type ComponentJson, loadProject, Project } from "../../../src/rvt/mod.ts";
import { assembleScene, type LoadedDeferred } from "../../../src/rvt/project/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { makeTiff } from "../../sources/picture/made_tiff.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { COMPONENTS, MAIN, sampleContent, sampleFiles, writeSample } from "./sample_project.ts";

const ROCK = { file: "meshes/rock.glb", name: "rock" };

/** Components of every kind at random places, on a landscape that is turned anyhow. */
function randomComponents(seed: number): ComponentJson[] {
  const random = seededRandom(seed);
  const numbers = (count: number, size: number) =>
    Array.from({ length: count }, () => size * (2 * random() - 1));
  const transform = () => ({
    position: numbers(3, 10 ** (4 * random())),
    rotation: numbers(4, 1),
    scale: numbers(3, 3).map((scale) => scale + 4),
  });
  const scatter = (onto: string | null) => ({
    seed: Math.floor(1e6 * random()),
    region: { min: numbers(2, 9).map((x) => x - 9), max: numbers(2, 9).map((x) => x + 9) },
    count: 20,
    scaleRange: [0.5, 0.5 + 2 * random()],
    onto,
    alignToSurface: random() < 0.5,
  });
  const points = [0, 1, 2].map((i) => ({
    position: numbers(3, 3).map((part) => part + 10 * i),
    width: 0.1 + random(),
    rollRadians: random(),
  }));
  const [hills] = COMPONENTS;
  const kinds: object[] = [
    { ...hills!, transform: { ...transform(), position: [-20, -20, 5] } },
    { kind: "landscape", width: 3, height: 2, heights: numbers(6, 100) },
    { kind: "landscape", heightTexture: { texture: "map", scale: 7, offset: -3 } },
    { kind: "landscape_spline", points },
    { kind: "static_mesh", mesh: ROCK },
    { kind: "static_mesh", mesh: [{ shape: "plane", size: [0.1, 3] }, ROCK] },
    { kind: "instanced_static_mesh", mesh: ROCK, instances: [transform(), transform()] },
    { kind: "instanced_static_mesh", mesh: ROCK },
    { kind: "foliage", mesh: ROCK, scatter: scatter(null) },
    { kind: "foliage", scatter: scatter("Hills") },
    { kind: "decal", size: [0.3, 4] },
    { kind: "skeletal_mesh", mesh: { shape: "box", size: [1, 2, 3] } },
    { kind: "animated_mesh", frames: [{ shape: "plane" }, { shape: "box" }] },
  ];
  return kinds.map((kind) => ({
    material: "Meadow",
    transform: transform(),
    ...kind,
    deferred: {},
  })) as unknown as ComponentJson[];
}

async function loadedOf(components: readonly ComponentJson[], folder: string) {
  const project = (await loadProject(folder)).withContent({
    scenes: [{ name: "Main", components }],
  });
  const { loadedDeferred } = await assembleScene(project, project.scene(), {
    streamedTexture: textureStandIn,
    loadsDeferred: true,
  });
  return loadedDeferred;
}

async function writeRock(folder: string): Promise<void> {
  const mesh = boxMesh({ size: [1, 2, 0.7] });
  const bytes = await encodeGlb([{ name: "rock", mesh }, { name: "other", mesh: boxMesh() }]);
  await Deno.writeFile(join(folder, "meshes/rock.glb"), bytes);
}

/** The same around the same middle. */
function scaled({ min, max }: WorldBounds, factor: number): WorldBounds {
  const at = (axis: number, side: 1 | -1) =>
    (min[axis]! + max[axis]!) / 2 + side * factor * (max[axis]! - min[axis]!) / 2;
  return {
    min: [at(0, -1), at(1, -1), at(2, -1)],
    max: [at(0, 1), at(1, 1), at(2, 1)],
  };
}

Deno.test("bounds that are known before hold components of every kind, wherever they stand", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    await writeRock(folder);
    let tight = 0;
    const all: LoadedDeferred[] = [];
    for (let seed = 0; seed < 8; seed++) {
      all.push(...await loadedOf(randomComponents(seed), folder));
    }
    for (const { component, bounds } of all) {
      assert.equal(boundsBeyond(bounds!, component.boxes()), null, `${component.label}`);
      // Negative control: of those that are not larger than they must be, smaller ones do not hold.
      if (boundsBeyond(scaled(bounds!, 0.99), component.boxes()) !== null) tight++;
    }
    assert.equal(all.length, 8 * 13);
    assert.ok(tight >= 8 * 9, `${tight} are tight`);
  }));

Deno.test("bounds that are not known are refused by place and reason, and check tells which to write", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const heights = Float32Array.from({ length: 81 }, (_, i) => i);
    const deep = makeTiff(new Uint8Array(heights.buffer), {
      width: 9,
      bits: 32,
      sampleFormat: "float",
    });
    await Deno.writeFile(join(folder, "pictures/deep.tiff"), deep);
    const [hills, road] = COMPONENTS;
    const land = { ...hills!, deferred: {} } as ComponentJson;
    const cases: [ComponentJson[], RegExp][] = [
      [
        [land, { ...road!, deferred: {} } as ComponentJson],
        /\[1\].deferred must have bounds: they depend on the heights of landscape "Hills", which is/,
      ],
      [
        [{ ...land, picture: { file: "pictures/deep.tiff", scale: 1 } } as ComponentJson],
        /\[0\].picture.file names pictures\/deep.tiff, whose heights of r32float are not known before/,
      ],
      [
        [{ ...COMPONENTS[2]!, mesh: { file: "meshes/flag.glb" }, deferred: {} } as ComponentJson],
        /\[0\].mesh.file names meshes\/flag.glb, which does not say how large mesh flag is, with min/,
      ],
    ];
    for (const [components, message] of cases) {
      const project = (await loadProject(folder)).withContent({
        scenes: [{ ...MAIN, components, volumes: [] }],
      });
      const opened = assembleScene(project, project.scene(), { streamedTexture: textureStandIn });
      await assert.rejects(opened, { name: MalformedFileError.name, message });
      const found = await checkProject(project);
      const [first] = found.filter(({ code }) => code === "deferred_bounds");
      assert.match(
        first!.message,
        /must have bounds, as they are not known before .*: write "bounds"/,
      );
      // What it tells is what is needed.
      const bounds = JSON.parse(`{${first!.message.split("write ")[1]}}`);
      const last = components.length - 1;
      const stated = components.with(last, { ...components[last]!, deferred: bounds });
      const mended = project.withContent({
        scenes: [{ ...MAIN, components: stated, volumes: [] }],
      });
      await assembleScene(mended, mended.scene(), { streamedTexture: textureStandIn });
      const codes = (await checkProject(mended)).map(({ code }) => code);
      assert.ok(!codes.includes("deferred_bounds"));
    }
  }));

Deno.test("check finds bounds that do not hold a component, and a volume stands as in a scene", () =>
  withFolder(async (folder) => {
    const bounds = { min: [-0.5, -1, -0.1], max: [0.5, 0, 0.1] };
    const decal = { ...COMPONENTS[5]!, transform: {}, size: [3, 2], deferred: { bounds } };
    const land = { ...COMPONENTS[0]!, deferred: {} };
    const components = [land, decal] as ComponentJson[];
    const sample = sampleContent();
    await writeSample(folder, sampleFiles({ ...sample, scenes: [{ ...MAIN, components }] }));
    const project = await loadProject(folder);
    const found = await checkProject(project);
    const [first, ...others] = found.filter(({ code }) => code === "deferred_bounds");
    assert.deepEqual([others, first!.severity, first!.names], [[], "error", ["Spot"]]);
    assert.equal(
      first!.message,
      'Decal "Spot" reaches beyond the bounds at scenes/main.json: components[1].deferred, ' +
        '"bounds": { "min": [-0.5, -1, -0.1], "max": [0.5, 0, 0.1] }, so that it cannot be loaded: ' +
        'write "bounds": { "min": [-1.5, -1, 0], "max": [1.5, 1, 0] }',
    );
    const shown = found.filter(({ code }) => code === "deferred_in_main_pass");
    assert.deepEqual(
      shown.map(({ names }) => names),
      [["Hills"]],
      "the decal is never drawn there",
    );
    const placed = async (loadsDeferred: boolean) => {
      const options = { streamedTexture: textureStandIn, loadsDeferred };
      return (await assembleScene(project, project.scene(), options)).volumes[0]!.transform;
    };
    assert.deepEqual(await placed(true), await placed(false));
    assert.ok((await placed(false)).scale[0] > 8);
  }));

Deno.test("negative control: bounds that hold are not found", async () => {
  const bounds = { min: [-1.5, -1, 0], max: [1.5, 1, 0] };
  const decal = { ...COMPONENTS[5]!, transform: {}, size: [3, 2], deferred: { bounds } };
  const plain = { ...sampleContent().materials[2]!, nodes: [], output: null, pins: {} };
  const project = new Project({
    ...sampleContent(),
    textures: [],
    streamedTextures: [],
    materialFunctions: [],
    materials: [{ ...plain, domain: "surface" } as never],
    scenes: [{ name: "Main", components: [decal as ComponentJson] }],
  });
  const codes = (await checkProject(project)).map(({ code }) => code);
  assert.ok(!codes.includes("deferred_bounds"), codes.join());
});
