import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { rotationAbout, type TransformOptions } from "../../../src/geometry/mod.ts";
import type { MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  expressions as e,
  LandscapeComponent,
  Material,
  type PrimitiveComponent,
} from "../../../src/rvt/mod.ts";
import { FillTargets } from "../../../src/rvt/tile/fill_targets.ts";
import { PlacedScene, type TilePlanes } from "./placed_scene.ts";

const { passOf } = FillTargets.prototype;
/** Which passes were cleared, and whether all are. */
const passes = { cleared: [] as boolean[], neverClears: false };
// What is not cleared holds what a shader may have left there, which no tile must show.
FillTargets.prototype.passOf = function (tile, leastHeight, { isCleared }) {
  passes.cleared.push(isCleared);
  const pass = passOf.call(this, tile, leastHeight, { isCleared });
  if (isCleared && !passes.neverClears) return pass;
  const colorAttachments = [...pass.colorAttachments].map((attachment) => ({
    ...attachment!,
    loadOp: "clear" as const,
    clearValue: [60_000, 60_000, 60_000, 60_000],
  }));
  return { ...pass, colorAttachments };
};

const ALL = {
  baseColor: [0.2, 0.5, 0.1],
  normal: [0.6, 0, 0.8],
  roughness: 0.75,
  specular: 0.25,
  mask: 0.5,
  displacement: 0.25,
  mask4: [0.25, 0.5, 0.75, 1],
  worldHeight: e.componentMask(e.worldPosition(), "z"),
} as const;
const VOLUME = { position: [8, 8, 0], scale: [16, 16, 20] };

function paint(pins: object): Material {
  return new Material({ name: "paint", domain: "virtual_texture", ...pins });
}

/** A landscape of 5 by 5 sections that reaches beyond the volume on all sides. */
function ground(
  pins: object = ALL,
  transform: TransformOptions = { position: [-8, -8, 0] },
): LandscapeComponent {
  const heights = Float32Array.from({ length: 33 ** 2 }, (_, i) => Math.sin(i / 7));
  return new LandscapeComponent({
    ...{ width: 33, height: 33, heights, sectionQuads: 7, transform },
    material: paint(pins),
  });
}

function decal(pins: object, transform: TransformOptions, size = [4, 4]): DecalComponent {
  return new DecalComponent({ material: paint(pins), size, transform });
}

/** All tiles of components, and how many of them were not cleared. */
async function render(
  device: ForgeDevice,
  components: () => readonly PrimitiveComponent[],
  asset: { readonly materialType: MaterialTypeName; readonly clearBeforeRender: boolean },
): Promise<{ readonly tiles: Map<number, TilePlanes>; readonly uncleared: number }> {
  await using placed = new PlacedScene(device, {
    asset: { sizeInTilesLog2: 1, ...asset },
    volume: VOLUME,
  });
  passes.cleared = [];
  const made = components();
  for (const component of made) component.renderToVirtualTextures = [placed.asset];
  await placed.place(made);
  await placed.renderAll();
  const uncleared = passes.cleared.filter((isCleared) => !isCleared).length;
  return { tiles: await placed.readTiles(), uncleared };
}

/** Tiles that are not cleared with the setting off; asserts that all show the same as with it on. */
async function unclearedOf(
  device: ForgeDevice,
  components: () => readonly PrimitiveComponent[],
  materialType: MaterialTypeName = "base_color_normal_roughness_specular",
): Promise<number> {
  const without = { materialType, clearBeforeRender: false };
  const { tiles, uncleared } = await render(device, components, without);
  if (uncleared === 0) return 0;
  const cleared = await render(device, components, { materialType, clearBeforeRender: true });
  assert.equal(cleared.uncleared, 0);
  assert.deepEqual(tiles, cleared.tiles);
  return uncleared;
}

/** Something below and something above what covers. */
const AROUND = () => [
  decal({ baseColor: [1, 0, 0], mask4: 1, opacity: 0.5 }, { position: [8, 8, 5] }),
  decal({ baseColor: [0, 0, 1] }, { position: [3, 3, -5] }),
];

for (
  const materialType of [
    "base_color_normal_roughness_specular",
    "ycocg_base_color_normal_specular_mask",
    "mask4",
  ] as const
) {
  Deno.test(`${materialType}: a tile that a landscape covers opaquely is not cleared, and shows the same`, async () => {
    using device = await requestDevice();
    const [above, below] = AROUND();
    below!.translucencySortPriority = -1;
    above!.translucencySortPriority = 1;
    assert.equal(await unclearedOf(device, () => [above!, ground(), below!], materialType), 5);
  });
}

Deno.test("World Height is cleared, as the highest stays", async () => {
  using device = await requestDevice();
  assert.equal(await unclearedOf(device, () => [ground()], "world_height"), 0);
});

Deno.test("decals that cover tiles replace what lies below, however they stand with their upper side up", async () => {
  using device = await requestDevice();
  const stands: [TransformOptions, number][] = [
    [{}, 5],
    [{ rotation: rotationAbout([0, 0, 1], 0.7) }, 5],
    [{ rotation: rotationAbout([1, 0, 0], 0.1) }, 5],
    [{ scale: [-1, 1, 1] }, 5],
    [{ rotation: rotationAbout([1, 0, 0], Math.PI), scale: [1, 1, -1] }, 5],
    [{ scale: [1, 1, -1] }, 0],
    [{ rotation: rotationAbout([1, 0, 0], Math.PI) }, 0],
    // Its lower edge is below the volume.
    [{ rotation: rotationAbout([1, 0, 0], 0.7) }, 0],
    // It ends inside of the upper tiles.
    [{ position: [8, 16, 1] }, 2],
  ];
  for (const [stand, uncleared] of stands) {
    const sheet = () => [
      ...AROUND(),
      decal(ALL, { position: [8, 8, 1], ...stand }, [30, 30]),
    ];
    assert.equal(await unclearedOf(device, sheet), uncleared, JSON.stringify(stand));
  }
});

Deno.test("what is not certain to cover a tile does not keep it from being cleared", async () => {
  using device = await requestDevice();
  const { roughness: _, ...withoutRoughness } = ALL;
  const custom = e.customWgsl({
    code: "if (place.x < 8.0) { discard; } return vec3f(0.5);",
    inputs: { place: e.worldPosition() },
    components: 3,
  });
  const uncertain: Record<string, () => PrimitiveComponent> = {
    "writes less": () => ground(withoutRoughness),
    "is translucent": () => ground({ ...ALL, opacity: 0.5 }),
    "may be translucent": () => ground({ ...ALL, opacity: e.scalarParameter("opacity", 1) }),
    "writes some heights": () => ground({ ...ALL, heightRange: [0, 5] }),
    "may discard": () => ground({ ...ALL, baseColor: custom }),
    "sticks out": () => ground(ALL, { position: [-8, -8, 9.5] }),
    "is seen from below": () => ground(ALL, { position: [-8, -8, 0], scale: [1, 1, -1] }),
    "ends at the edge": () => ground(ALL, { position: [0, 0, 0], scale: [0.5, 0.5, 1] }),
    "leans": () => ground(ALL, { position: [-8, -8, 0], rotation: rotationAbout([1, 0, 0], 0.05) }),
  };
  for (const [why, component] of Object.entries(uncertain)) {
    assert.equal(await unclearedOf(device, () => [component()]), 0, why);
  }
});

Deno.test("negative control: a tile that is not cleared, and not covered, shows what its target held", async () => {
  using device = await requestDevice();
  passes.neverClears = true;
  try {
    const materialType = "base_color_normal_roughness_specular";
    const components = () => [ground({ baseColor: [0, 1, 0] })];
    const { tiles } = await render(device, components, { materialType, clearBeforeRender: true });
    assert.equal(tiles.get(0)![1]![0], 255, "roughness, of which 128 is the clear value");
  } finally {
    passes.neverClears = false;
  }
});
