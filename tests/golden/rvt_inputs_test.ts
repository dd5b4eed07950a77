import {
  type Expression,
  type ExpressionInput,
  expressions as e,
  gridMesh,
  LandscapeComponent,
  Material,
  MaterialInstance,
  MaterialTexture,
  type PrimitiveComponent,
  proceduralTileSource,
  type RuntimeVirtualTexture,
  StaticMeshComponent,
  type TextureAddressing,
} from "../../src/mod.ts";
import { NOON, PictureScene, plainAsset } from "../rvt/pictures/picture_scene.ts";
import { testGolden } from "./golden.ts";
import { checker, fromAbove, IN_PANEL, PANEL, panelAt, volumeOn, XY } from "./panels.ts";

/** Edge of a panel's surface; what remains of the panel stays empty. */
const EDGE = PANEL - 0.25;
/** Samples along the edge of a landscape, a unit apart. */
const SAMPLES = PANEL + 1;

const X = e.componentMask(IN_PANEL, "x");
const Y = e.componentMask(IN_PANEL, "y");

/** Shows a unit vector. */
function asColor(vector: ExpressionInput): Expression {
  return e.add(0.5, e.multiply(0.5, vector));
}

/** Of 16 × 16 texels, an arrow that points to the upper right, before red and blue that rise with x and y. */
function arrow(color: readonly number[], addressing: TextureAddressing): MaterialTexture {
  const texels = new Uint8Array(4 * 16 * 16);
  for (let row = 0; row < 16; row++) {
    for (let column = 0; column < 16; column++) {
      const up = 15 - row;
      const isShaft = Math.abs(column - up) < 2 && column > 2;
      const isHead = (column > 10 || up > 11) && column > 5 && up > 5 && column + up > 20;
      const shown = isShaft || isHead ? color : [16 * column, 60, 16 * up];
      texels.set([...shown, 255], 4 * (16 * row + column));
    }
  }
  return new MaterialTexture({ name: "arrow", width: 16, height: 16, texels, addressing });
}

/** A texture that is streamed: rings whose colour tells their level. */
function rings() {
  return proceduralTileSource((level, column, row, out, at) => {
    const away = Math.hypot(column - 64 / 2 ** level, row - 64 / 2 ** level) * 2 ** level;
    const isRing = Math.floor(away / 12) % 2 === 0;
    out.set(isRing ? [230, 60 * level, 40, 255] : [30, 40, 160, 255], at);
  }, {
    name: "rings",
    width: 128,
    height: 128,
    tileSize: 64,
    border: 4,
    format: "rgba8unorm-srgb",
  });
}

/** Fifteen functions in five rows of a red, a green and a blue one. */
function functions(): Expression {
  const centred = e.subtract(e.multiply(IN_PANEL, 2), 1);
  const cx = e.componentMask(centred, "x");
  const [a, b] = [e.normalize(e.append(centred, 1)), e.normalize(e.constant([1, 2, 3]))];
  const rows: readonly (readonly Expression[])[] = [
    [e.minimum(X, 0.5), e.maximum(X, 0.5), e.oneMinus(X)],
    [e.absolute(cx), e.sqrt(X), e.power(X, 3)],
    [e.cosine(e.multiply(cx, Math.PI)), e.saturate(cx), e.clamp(X, { min: 0.3, max: 0.6 })],
    [e.length(centred), e.distance(IN_PANEL, [0.2, 0.2]), e.dot(a, b)],
    ["x", "y", "z"].map((channel) => e.absolute(e.componentMask(e.cross(a, b), channel))),
  ];
  const at = e.floor(e.multiply(Y, rows.length));
  return rows.map(([red, green, blue], i) => {
    const isRow = e.multiply(e.step(at, { edge: i - 0.5 }), e.step(i + 0.5, { edge: at }));
    return e.multiply(isRow, e.append(red!, green!, blue!));
  }).reduce((sum, row) => e.named(e.add(sum, row), "rows"));
}

/** A landscape with two painted layers, on waves. */
function landscape(panel: number, material: Material, asset: RuntimeVirtualTexture) {
  const heights = new Float32Array(SAMPLES ** 2);
  const layers = { grass: new Uint8Array(SAMPLES ** 2), rock: new Uint8Array(SAMPLES ** 2) };
  for (let row = 0; row < SAMPLES; row++) {
    for (let column = 0; column < SAMPLES; column++) {
      const at = SAMPLES * row + column;
      heights[at] = Math.sin(column) * Math.cos(row);
      layers.grass[at] = 255 * column / PANEL;
      layers.rock[at] = 255 * row / PANEL;
    }
  }
  const [x, y] = panelAt(panel);
  return new LandscapeComponent({
    material,
    width: SAMPLES,
    height: SAMPLES,
    heights,
    layers,
    transform: {
      position: [x - EDGE / 2, y - EDGE / 2, 0],
      scale: [EDGE / PANEL, EDGE / PANEL, 1],
    },
    virtualTextureNumLods: 4,
    drawInMainPass: "always",
    renderToVirtualTextures: [asset],
  });
}

/**
 * Panels whose materials write and sample a texture, and show what they write without it where virtual
 * texturing is not supported: feature switch, plain textures, streamed texture, parameters; vertex normal,
 * layer weights, blended normals, functions.
 */
async function drawInputs(virtualTexturing: boolean) {
  await using scene = await PictureScene.open({ virtualTexturing });
  const streamed = await scene.system.loadTexture(rings());
  const wave = e.append(e.multiply(0.6, e.sine(e.multiply(XY, Math.PI / 2))), 1);
  const ripple = e.append(0, e.multiply(0.5, e.sine(e.multiply(8, e.componentMask(XY, "x")))), 1);
  const half = e.step(X, { edge: 0.5 });
  const tint = e.vectorParameter("tint", [0.9, 0.3, 0.1]);
  const cells = e.scalarParameter("cells", 2);
  const picture = arrow([255, 220, 40], "repeat");
  const written: readonly ExpressionInput[] = [
    e.virtualTextureFeatureSwitch({
      yes: e.multiply([0.1, 0.8, 0.3], checker(1)),
      no: e.multiply([0.9, 0.2, 0.1], checker(2)),
    }),
    e.lerp(
      e.componentMask(e.textureSample(picture, { uv: e.multiply(2, IN_PANEL) }), "xyz"),
      e.componentMask(e.textureSampleParameter("picture", picture), "xyz"),
      { alpha: half },
    ),
    e.componentMask(e.virtualTextureSample(streamed, { uv: IN_PANEL }), "xyz"),
    e.multiply(tint, e.step(e.fraction(e.multiply(X, cells)), { edge: 0.5 })),
    asColor(e.vertexNormal()),
    e.append(e.layerWeight("grass"), e.layerWeight("rock"), e.layerWeight("absent")),
    asColor(e.blendNormals(e.normalize(wave), e.normalize(ripple))),
    functions(),
  ];
  for (const [panel, expression] of written.entries()) {
    const asset = plainAsset({ name: `panel ${panel}` });
    const sample = e.runtimeVirtualTextureSampleParameter("cache", asset);
    const material = new Material({
      name: `panel ${panel}`,
      baseColor: e.virtualTextureFeatureSwitch({ yes: sample.baseColor, no: expression }),
      rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: expression }),
      roughness: 1,
      specular: 0,
    });
    for (const component of componentsOn(panel, material, asset)) {
      scene.scene.addComponent(component);
    }
    await scene.scene.addVolume(volumeOn(panel, asset));
  }
  return await scene.draw(fromAbove(), NOON);
}

/** What shows a panel: two halves, of which the right one has an instance, or a landscape. */
function componentsOn(
  panel: number,
  material: Material,
  asset: RuntimeVirtualTexture,
): readonly PrimitiveComponent[] {
  if (panel === 4 || panel === 5) return [landscape(panel, material, asset)];
  const instance = new MaterialInstance(material, { name: "right half" });
  if (panel === 1) instance.setTexture("picture", arrow([240, 240, 240], "clamp"));
  if (panel === 3) {
    instance.setVector("tint", [0.1, 0.4, 0.9]);
    instance.setScalar("cells", 8);
  }
  const [x, y] = panelAt(panel);
  return [material, instance].map((shownBy, i) =>
    new StaticMeshComponent({
      material: shownBy,
      mesh: gridMesh({ size: [EDGE / 2, EDGE] }),
      transform: { position: [x + (i - 0.5) * EDGE / 2, y, 0] },
      drawInMainPass: "always",
      renderToVirtualTextures: [asset],
    })
  );
}

testGolden("rvt_inputs", () => drawInputs(true));
testGolden("rvt_inputs_unsupported", () => drawInputs(false));
