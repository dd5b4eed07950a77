import assert from "node:assert/strict";
import { gridMesh } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material, StaticMeshComponent } from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { LIGHT, oraclePicture, pictureDifference } from "./oracle_picture.ts";
import { cameraFrom, MIDDLE, type PictureWorld, pictureWorld, waves } from "./picture_worlds.ts";

const DIRECT = { ...LIGHT, layers: "direct" } as const;
/** As in `direct_layers_test.ts`. */
const MOST_ERROR = 0.0055;
/** Of a sheet that is cut into so many quads along each edge, for four blocks there are too many triangles. */
const MANY_QUADS = 130;
/** Cameras just above the ground, with hills behind them; pictures have four blocks. */
const EYES = [[3.2, 5.1, 1.9], [12.7, 9.4, 2.3]] as const;
const PIXELS = 40;

/** Lays a sheet over the hills that writes to their texture, and takes it away after a picture. */
async function pictureWithSheet(
  { scene, asset }: PictureWorld,
  eye: readonly number[],
  quads: number,
): Promise<Uint8Array> {
  const rvtOutput = e.runtimeVirtualTextureOutput({ baseColor: waves(1), opacity: 0.7 });
  const sheet = new StaticMeshComponent({
    mesh: gridMesh({ size: [13, 11], quads: [quads, quads] }),
    material: new Material({ name: "sheet", rvtOutput }),
    transform: { position: [MIDDLE, MIDDLE, 1] },
    ...{ drawInMainPass: "never", renderToVirtualTextures: [asset] },
  });
  scene.addComponent(sheet);
  const { data } = await renderScene(scene, cameraFrom(eye, { pixels: PIXELS }), DIRECT);
  scene.removeComponent(sheet);
  return data;
}

Deno.test("hills whose layers are shaded directly are the oracle's from a camera among them", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { yaw: 0.7, tilt: 0.1 });
  using _system = world.system;
  const { scene, known } = world;
  for (const eye of EYES) {
    const camera = cameraFrom(eye, { pixels: PIXELS });
    const picture = await renderScene(scene, camera, DIRECT);
    const oracle = oraclePicture({ scene, camera, volumes: [known] });
    const { largest, compared } = pictureDifference(picture, oracle);
    assert.ok(compared > 0.5, `${compared} of the pixels are compared`);
    assert.ok(largest <= MOST_ERROR, `${eye}: ${largest}`);
  }
});

Deno.test("what writes has the same values with few triangles, in blocks of the picture, and with many", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { hasDecals: false });
  using _system = world.system;
  const [few, many] = [
    await pictureWithSheet(world, EYES[0], 1),
    await pictureWithSheet(world, EYES[0], MANY_QUADS),
  ];
  const most = few.reduce((most, byte, i) => Math.max(most, Math.abs(byte - many[i]!)), 0);
  assert.ok(most <= 1, `${most} of 255`);
});
