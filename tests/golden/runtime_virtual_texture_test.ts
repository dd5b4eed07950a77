import {
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  gridMesh,
  Material,
  MATERIAL_TYPE_NAMES,
  MaterialInstance,
  type MaterialTypeName,
  rotationAbout,
  type RuntimeVirtualTextureSample,
  type RuntimeVirtualTextureSampleOptions,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../src/mod.ts";
import { NOON, PictureScene, plainAsset } from "../rvt/pictures/picture_scene.ts";
import { testGolden } from "./golden.ts";
import {
  checker,
  DEPTH,
  flat,
  fromAbove,
  HEIGHT,
  IN_PANEL,
  MIDDLE,
  PANEL,
  panelAt,
  screenOn,
  volumeOn,
  WIDTH,
  XY,
} from "./panels.ts";

/** A ground that writes something to every attribute. */
function everything(): Material {
  const x = e.componentMask(IN_PANEL, "x");
  const y = e.componentMask(IN_PANEL, "y");
  const wave = e.multiply(0.4, e.sine(e.multiply(XY, Math.PI)));
  return new Material({
    name: "everything",
    domain: "virtual_texture",
    baseColor: e.append(x, y, e.lerp(0.2, 0.6, { alpha: checker(1) })),
    normal: e.append(wave, 1),
    roughness: e.lerp(0.2, 1, { alpha: x }),
    specular: y,
    worldHeight: e.componentMask(e.worldPosition(), "z"),
    mask: checker(2),
    displacement: e.multiply(x, y),
    mask4: e.append(x, y, checker(2), e.lerp(0.5, 1, { alpha: checker(1) })),
  });
}

/** A round patch, half transparent at its edge. */
function patch(): Material {
  const away = e.multiply(2, e.distance(e.textureCoordinate(), [0.5, 0.5]));
  return new Material({
    name: "patch",
    domain: "virtual_texture",
    baseColor: [0.8, 0.1, 0.02],
    worldHeight: 1.5,
    mask: 1,
    displacement: 1,
    mask4: [1, 0, 0, 1],
    opacity: e.smoothstep(away, { from: 1, to: 0.4 }),
  });
}

/** Shows all that a type stores. */
function shown(materialType: MaterialTypeName, sample: RuntimeVirtualTextureSample): Material {
  const { baseColor, normal, roughness, specular, mask } = sample;
  switch (materialType) {
    case "base_color":
      return flat("color", baseColor);
    case "world_height":
      return flat("height", e.add(0.5, e.divide(sample.worldHeight, HEIGHT)));
    case "displacement":
      return flat("displacement", sample.displacement);
    case "mask4": {
      const strength = e.componentMask(sample.mask4, "w");
      return flat("mask4", e.multiply(e.componentMask(sample.mask4, "xyz"), strength));
    }
    default: {
      const hasMask = sample.hasOutput("mask");
      const color = hasMask ? e.multiply(baseColor, e.lerp(0.3, 1, { alpha: mask })) : baseColor;
      return new Material({ name: "surface", baseColor: color, normal, roughness, specular });
    }
  }
}

/** A panel for each material type. */
async function drawTypes(compressTextures: boolean) {
  await using scene = await PictureScene.open();
  const assets = MATERIAL_TYPE_NAMES.map((materialType) =>
    plainAsset({ materialType, compressTextures })
  );
  // A plane that leans, so that heights differ.
  scene.scene.addComponent(
    new StaticMeshComponent({
      material: everything(),
      mesh: gridMesh({ size: [WIDTH, DEPTH + 1] }),
      transform: { position: [...MIDDLE, 0], rotation: rotationAbout([1, 0, 0], 0.2) },
      drawInMainPass: "never",
      renderToVirtualTextures: assets,
    }),
  );
  for (const [panel, asset] of assets.entries()) {
    scene.scene.addComponent(
      new DecalComponent({
        material: patch(),
        size: [4, 3],
        transform: {
          position: [...panelAt(panel), 1],
          rotation: rotationAbout([0, 0, 1], panel / 2),
        },
        translucencySortPriority: 1,
        renderToVirtualTextures: [asset],
      }),
    );
    await scene.scene.addVolume(volumeOn(panel, asset));
    const sample = e.runtimeVirtualTextureSample(asset);
    scene.scene.addComponent(screenOn(panel, shown(asset.materialType, sample)));
  }
  return await scene.draw(fromAbove(), { towardsLight: [0.5, 0.4, 1] });
}

testGolden("rvt_types_compressed", () => drawTypes(true));
testGolden("rvt_types_uncompressed", () => drawTypes(false));

/** A texture whose levels have colours, and samples of it in each mip mode. */
async function drawMipModes() {
  await using scene = await PictureScene.open();
  const asset = plainAsset({ sizeInTilesLog2: 3 });
  const level = e.viewProperty("virtual_texture_output_level");
  const is = (wanted: number) =>
    e.multiply(e.step(level, { edge: wanted - 0.5 }), e.step(wanted + 0.5, { edge: level }));
  // Level 0 red, 1 green, 2 blue, 3 grey; checkers show where it is sampled.
  const color = e.add(e.append(is(0), is(1), is(2)), e.multiply(0.5, is(3)));
  scene.scene.addComponent(
    new StaticMeshComponent({
      material: new Material({
        name: "levels",
        domain: "virtual_texture",
        baseColor: e.multiply(color, e.lerp(0.4, 0.9, { alpha: checker(4) })),
      }),
      mesh: gridMesh({ size: [WIDTH, DEPTH] }),
      transform: { position: [...MIDDLE, 0] },
      drawInMainPass: "never",
      renderToVirtualTextures: [asset],
    }),
  );
  await scene.scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, {
      position: [...MIDDLE, 0],
      scale: [WIDTH, DEPTH, HEIGHT],
    }),
  );
  // Of uv: a texel of level 0 is 1/512 wide and 1/256 high.
  const uv = e.divide(XY, [WIDTH, DEPTH]);
  const texel = 1 / 512;
  const panels: readonly RuntimeVirtualTextureSampleOptions[] = [
    {},
    { mipMode: "level", level: 2 },
    { mipMode: "bias", bias: 1 },
    { mipMode: "derivatives", by: "uv", uv, ddx: [4 * texel, 0], ddy: [0, 8 * texel] },
    { by: "uv", uv },
    { mipMode: "level", level: e.multiply(3, e.componentMask(IN_PANEL, "x")) },
    { worldPosition: e.multiply(e.worldPosition(), 0.5) },
    { mipMode: "world_derivatives", ddx: [0.125, 0, 0], ddy: [0, 0.125, 0] },
  ];
  for (const [panel, options] of panels.entries()) {
    const { baseColor } = e.runtimeVirtualTextureSample(asset, options);
    scene.scene.addComponent(screenOn(panel, flat(`panel ${panel}`, baseColor)));
  }
  return await scene.draw(fromAbove(), NOON);
}

testGolden("rvt_mip_modes", drawMipModes);

/** Panels: Replace, Output Derivative, Max Level, a parameter with and without override, a function. */
async function drawExpressions() {
  await using scene = await PictureScene.open();
  const derivative = e.viewProperty("virtual_texture_output_derivative");
  const levels = e.viewProperty("virtual_texture_max_level");
  const striped = e.materialFunction("striped", {
    inputs: { color: 3, width: 1 },
    build: ({ color, width }) => ({
      color: e.multiply(
        color,
        e.step(e.fraction(e.divide(e.componentMask(XY, "x"), width)), { edge: 0.5 }),
      ),
    }),
  });
  const replaced = e.runtimeVirtualTextureReplace({ default: [1, 0, 0], output: [0, 0.6, 0.2] });
  const written: readonly ExpressionInput[] = [
    replaced,
    // A texel of level 0 is 1/16 wide in this volume: bands of 16 texels.
    e.append(e.step(e.fraction(e.divide(XY, e.multiply(16, derivative))), { edge: 0.5 }), 0),
    e.multiply([0.1, 0.2, 0.3], levels),
    e.lerp([0.9, 0.7, 0.1], [0.2, 0.1, 0], { alpha: checker(1) }),
    e.lerp([0.1, 0.5, 0.9], [0, 0.1, 0.3], { alpha: checker(2) }),
    striped.call({ color: [0.8, 0.2, 0.7], width: 2 }).color,
    e.noise(XY, { kind: "value", octaves: 4, seed: 7 }),
    e.customWgsl({
      code: "return vec3f(0.5 + 0.5 * sin(length(at - vec2f(28.0, 4.0)) * vec3f(2.0, 3.0, 4.0)));",
      inputs: { at: XY },
      components: 3,
    }),
  ];
  const assets = written.map(() => plainAsset());
  for (const [panel, asset] of assets.entries()) {
    scene.scene.addComponent(
      new StaticMeshComponent({
        material: new Material({
          name: `writer ${panel}`,
          domain: "virtual_texture",
          baseColor: written[panel]!,
        }),
        mesh: gridMesh({ size: [PANEL, PANEL] }),
        transform: { position: [...panelAt(panel), 0] },
        drawInMainPass: "never",
        renderToVirtualTextures: [asset],
      }),
    );
    await scene.scene.addVolume(volumeOn(panel, asset));
    const sample = e.runtimeVirtualTextureSample(asset);
    scene.scene.addComponent(screenOn(panel, flat(`panel ${panel}`, sample.baseColor)));
  }
  // The same material twice on the left of panel 3 and 4: the instance shows the other's texture.
  const parameter = e.convertToParameter(
    e.runtimeVirtualTextureSample(assets[3]!, { by: "uv" }),
    "cache",
  );
  const material = flat("parameter", parameter.baseColor);
  const instance = new MaterialInstance(material, { name: "overridden" });
  instance.setRuntimeVirtualTexture("cache", assets[4]!);
  for (const [i, shownBy] of [material, instance].entries()) {
    const [x, y] = panelAt(3);
    scene.scene.addComponent(
      new StaticMeshComponent({
        material: shownBy,
        mesh: gridMesh({ size: [3, 3] }),
        transform: { position: [x - 1.75 + 3.5 * i, y, HEIGHT + 1] },
      }),
    );
  }
  return await scene.draw(fromAbove(), NOON);
}

testGolden("rvt_expressions", drawExpressions);
