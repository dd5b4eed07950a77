/**
 * A landscape that is shaded once, into a runtime virtual texture: painted layers, a road, puddles and
 * fallen leaves are rendered to tiles, and the main pass samples those. Then the ground is edited with
 * brushes, and only what they touch is rendered again. Another picture shades all of it for each pixel,
 * without tiles.
 *
 *     deno run --allow-write=out examples/runtime_virtual_texture.ts [FOLDER]
 *
 * picture: not compared, the test looks for grass, road, leaves and the edit in it
 *
 * @module
 */

import {
  boxMesh,
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  lookAt,
  Material,
  MaterialInstance,
  perspective,
  renderScene,
  requestDevice,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  VirtualTextureSystem,
} from "@forge3d/forge3d";

const WIDTH = 640;
const HEIGHT = 360;
/** A low sun ahead of the camera, which wet ground mirrors, and the sky. */
const LIGHT = {
  towardsLight: [0.1, 0.75, 0.8],
  lightColor: [1.5, 1.4, 1.2],
  background: [0.42, 0.61, 0.83, 1],
};
/** Samples of the landscape along one side, a metre apart. */
const SAMPLES = 129;

/** Height of the ground in metres. */
function groundHeight(x: number, y: number): number {
  return 4 * Math.sin(x / 19) * Math.cos(y / 23) + 1.5 * Math.sin(x / 7 + 2) * Math.sin(y / 9);
}

/** A value for each sample of the landscape. */
function samplesOf(valueAt: (x: number, y: number) => number): number[] {
  return Array.from(
    { length: SAMPLES ** 2 },
    (_, i) => valueAt(i % SAMPLES, Math.floor(i / SAMPLES)),
  );
}

/** Weights of rock: on slopes. */
function rockWeights(): Uint8Array {
  return Uint8Array.from(samplesOf((x, y) => {
    const slope = Math.hypot(
      groundHeight(x + 1, y) - groundHeight(x - 1, y),
      groundHeight(x, y + 1) - groundHeight(x, y - 1),
    ) / 2;
    return 255 * Math.min(1, Math.max(0, 4 * (slope - 0.3)));
  }));
}

/** A colour that noise makes darker in places. */
function spotted(color: readonly number[], metres: number, seed: number) {
  const place = e.multiply(e.componentMask(e.worldPosition(), "xy"), 1 / metres);
  const noise = e.noise(place, { kind: "value", octaves: 4, seed });
  return e.multiply(color, e.lerp(0.55, 1.25, { alpha: noise }));
}

/** Opaque within a circle in the middle of a decal, up to a soft edge. */
function circle(edge: ExpressionInput) {
  const away = e.multiply(2, e.distance(e.textureCoordinate(), [0.5, 0.5]));
  return e.smoothstep(away, { from: 1, to: edge });
}

/** Writes layers to the texture, and shows what the texture holds. */
function groundMaterial(asset: RuntimeVirtualTexture): Material {
  const grass = spotted([0.1, 0.22, 0.04], 3, 1);
  const rock = spotted([0.34, 0.31, 0.28], 1.5, 2);
  const sand = spotted([0.55, 0.44, 0.26], 6, 3);
  const rocky = e.lerp(grass, rock, { alpha: e.layerWeight("rock") });
  const color = e.lerp(rocky, sand, { alpha: e.layerWeight("sand") });
  const { baseColor, normal, roughness, specular } = e.runtimeVirtualTextureSample(asset);
  // Without virtual texturing, the ground shades its layers itself.
  const cached = (sample: ExpressionInput, direct: ExpressionInput) =>
    e.virtualTextureFeatureSwitch({ yes: sample, no: direct });
  return new Material({
    name: "ground",
    baseColor: cached(baseColor, color),
    normal: cached(normal, e.vertexNormal()),
    roughness: cached(roughness, 0.95),
    specular: cached(specular, 0.3),
    rvtOutput: e.runtimeVirtualTextureOutput({
      baseColor: color,
      normal: e.vertexNormal(),
      roughness: 0.95,
      specular: 0.3,
    }),
  });
}

/** Asphalt with a dashed line in the middle; v runs across the road. */
function roadMaterial(): Material {
  const across = e.componentMask(e.textureCoordinate(), "y");
  const along = e.componentMask(e.textureCoordinate(), "x");
  const fromMiddle = e.absolute(e.subtract(across, 0.5));
  const dash = e.step(e.fraction(e.multiply(along, 6)), { edge: 0.5 });
  const line = e.multiply(dash, e.oneMinus(e.step(fromMiddle, { edge: 0.03 })));
  return new Material({
    name: "road",
    domain: "virtual_texture",
    baseColor: e.lerp(spotted([0.05, 0.05, 0.055], 0.7, 4), [0.8, 0.75, 0.6], { alpha: line }),
    normal: e.vertexNormal(),
    roughness: 0.7,
    specular: 0.4,
    opacity: e.smoothstep(fromMiddle, { from: 0.5, to: 0.42 }),
  });
}

/** A camera that looks at a target. */
function cameraAt(
  position: readonly [number, number, number],
  { target, up }: { readonly target: readonly number[]; readonly up: readonly number[] },
) {
  return {
    position,
    view: lookAt(position, target, { up }),
    projection: perspective({ fovYDegrees: 50, aspect: WIDTH / HEIGHT, near: 0.1, far: 1000 }),
    width: WIDTH,
    height: HEIGHT,
    viewport: [WIDTH, HEIGHT],
  };
}

async function main(folder: string): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 48 });
  await using scene = new RuntimeVirtualTextureScene(system, { mode: "editor" });
  const asset = new RuntimeVirtualTexture({ name: "ground", sizeInTilesLog2: 4, tileSize: 128 });
  const renderToVirtualTextures = [asset];

  const land = new LandscapeComponent({
    name: "land",
    material: groundMaterial(asset),
    width: SAMPLES,
    height: SAMPLES,
    heights: samplesOf(groundHeight),
    layers: { rock: rockWeights(), sand: new Uint8Array(SAMPLES ** 2) },
    renderToVirtualTextures,
  });
  const points = [[10, 4], [40, 30], [60, 64], [90, 80], [110, 124]]
    .map(([x, y]) => ({ position: [x!, y!, 0], width: 6 }));
  const road = new LandscapeSplineComponent({
    name: "road",
    material: roadMaterial(),
    points,
    landscape: land,
    // A later layer than the ground's.
    translucencySortPriority: 1,
    drawInMainPass: "never",
    renderToVirtualTextures,
  });
  // A puddle writes neither colour nor normal: what lies below it is wet, no more.
  const puddle = new DecalComponent({
    name: "puddle",
    material: new Material({
      name: "wet",
      domain: "virtual_texture",
      roughness: 0.32,
      specular: 0.5,
      opacity: circle(0.6),
    }),
    size: [10, 14],
    transform: { position: [60, 28, groundHeight(60, 28)] },
    translucencySortPriority: 2,
    renderToVirtualTextures,
  });
  const leaf = new Material({
    name: "leaf",
    domain: "virtual_texture",
    baseColor: e.vectorParameter("color", [0.62, 0.16, 0.02]),
    roughness: 0.6,
    opacity: circle(0.8),
  });
  const yellow = new MaterialInstance(leaf, { name: "yellow leaf" });
  yellow.setVector("color", [0.7, 0.45, 0.03]);
  const leaves = [leaf, yellow].map((material, seed) =>
    new FoliageComponent({
      name: `${material.name}s`,
      material,
      scatter: {
        seed,
        region: { min: [30, 60], max: [60, 100] },
        count: 500,
        scaleRange: [0.4, 0.9],
        onto: land,
        alignToSurface: true,
      },
      translucencySortPriority: 3,
      drawInMainPass: "never",
      renderToVirtualTextures,
    })
  );
  // Slabs stand on the ground and are not part of it.
  const slabs = new InstancedStaticMeshComponent({
    name: "slabs",
    material: new Material({ name: "stone", baseColor: [0.5, 0.47, 0.42], roughness: 0.8 }),
    mesh: boxMesh({ size: [5, 3, 0.8] }),
    instances: [[74, 60], [78, 62], [76, 56]].map(([x, y]) => ({
      position: [x!, y!, groundHeight(x!, y!) + 1.2],
    })),
  });
  for (const component of [land, road, puddle, ...leaves, slabs]) scene.addComponent(component);

  const volume = new RuntimeVirtualTextureVolume(asset, { name: "ground" });
  await scene.addVolume(volume);
  scene.setBounds(volume, land);
  await scene.settled();

  const near = cameraAt([64, -18, 34], { target: [64, 58, 0], up: [0, 0, 1] });
  const above = cameraAt([64, 64, 140], { target: [64, 64, 0], up: [0, 1, 0] });
  /** Draws until a frame wants no more tiles, and saves the last picture. */
  const draw = async (name: string, camera = near) => {
    let tiles = 0;
    for (let frame = 0; frame < 10; frame++) {
      const { tilesLoaded } = await system.update(camera);
      tiles += tilesLoaded;
      await renderScene(scene, camera, LIGHT);
      if (frame > 2 && tilesLoaded === 0) break;
    }
    const picture = await renderScene(scene, camera, LIGHT);
    await Deno.writeFile(`${folder}/${name}.png`, await picture.toPng());
    console.log(`${name}: ${tiles} tiles rendered`);
  };
  await Deno.mkdir(folder, { recursive: true });
  await draw("rvt_before");

  // A brush raises a hill, another one paints sand on it, and the road gives way to both.
  const side = 24;
  const region = { x: 70, y: 26, width: side, height: side };
  const bump = (column: number, row: number) => {
    const away = Math.min(1, Math.hypot(column - side / 2, row - side / 2) / (side / 2));
    return (1 - away ** 2) ** 2;
  };
  const brush = Array.from({ length: side ** 2 }, (_, i) => [i % side, Math.floor(i / side)]);
  land.setHeights(
    region,
    brush.map(([x, y]) => groundHeight(region.x + x!, region.y + y!) + 5 * bump(x!, y!)),
  );
  land.setWeights(
    "sand",
    region,
    Uint8Array.from(brush, ([x, y]) => 255 * Math.min(1, 2 * bump(x!, y!))),
  );
  road.updatePoint(2, { position: [50, 60, 0], width: 6 });
  await draw("rvt_after");
  await draw("rvt_from_above", above);

  // Without tiles: all that is written to the texture, evaluated for each pixel, to compare with.
  const direct = await renderScene(scene, near, { ...LIGHT, layers: "direct" });
  await Deno.writeFile(`${folder}/rvt_shaded_directly.png`, await direct.toPng());

  const texture = scene.textureOf(asset)!;
  const { usedMemory } = system.getMemoryInfo();
  console.log(
    `${texture.width} × ${texture.height} texels of ${texture.info}; ` +
      `${(usedMemory / 2 ** 20).toFixed(1)} MiB used`,
  );
  const names = ["rvt_before", "rvt_after", "rvt_shaded_directly", "rvt_from_above"];
  console.log(`Wrote ${names.map((name) => `${folder}/${name}.png`).join(", ")}`);
}

await main(Deno.args[0] ?? "out");
