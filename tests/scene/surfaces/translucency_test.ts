import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/mod.ts";
import {
  areAlike,
  CAMERAS_ABOVE,
  colorAt,
  emptyScene,
  pictureFromAbove,
  square,
} from "./flat_scene.ts";

const RED = [0.8, 0.1, 0.1];
const GREEN = [0.1, 0.7, 0.2];
const BLUE = [0.1, 0.2, 0.9];

/** Colours over each other, the lowest first, with opacities. */
function blended(...layers: readonly (readonly [readonly number[], number])[]): number[] {
  return layers.reduce(
    (below, [color, opacity]) =>
      below.map((value, k) => color[k]! * opacity + value * (1 - opacity)),
    [0, 0, 0],
  );
}

Deno.test("translucent surfaces are blended over opaque ones, farthest first, whatever their order", async () => {
  using device = await requestDevice();
  const orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]];
  for (const order of orders) {
    const { system, scene } = emptyScene(device);
    using _system = system;
    const makers = [
      () => square(RED),
      () => square(GREEN, { at: [0, 0, 1], opacity: 0.4 }),
      () => square(BLUE, { at: [1, 1, 2], opacity: 0.6 }),
    ];
    for (const i of order) scene.addComponent(makers[i]!());
    for (const [kind, camera] of Object.entries(CAMERAS_ABOVE)) {
      const picture = await pictureFromAbove(scene, camera);
      const wanted = blended([RED, 1], [GREEN, 0.4], [BLUE, 0.6]);
      const found = colorAt(picture, 0.5, 0.5);
      assert.ok(areAlike(found, [...wanted, 1]), `${order} ${kind}: ${found}, not ${wanted}`);
      const swapped = blended([RED, 1], [BLUE, 0.6], [GREEN, 0.4]);
      assert.ok(!areAlike(found, [...swapped, 1]), "negative control: the other order shows");
      const alone = colorAt(picture, -1.5, -1.5);
      assert.ok(areAlike(alone, [...blended([RED, 1], [GREEN, 0.4]), 1]), `${alone}`);
    }
  }
});

Deno.test("a larger Translucency Sort Priority lies above, however far it is", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  scene.addComponent(square(RED));
  const options = { opacity: 0.5, translucencySortPriority: 3 };
  scene.addComponent(square(GREEN, { at: [0, 0, 1], ...options }));
  scene.addComponent(square(BLUE, { at: [0, 0, 2], opacity: 0.5 }));
  const found = colorAt(await pictureFromAbove(scene), 0.5, 0.5);
  assert.ok(areAlike(found, [...blended([RED, 1], [BLUE, 0.5], [GREEN, 0.5]), 1]), `${found}`);
});

Deno.test("opaque surfaces hide translucent ones behind them, and are not hidden by what is clear", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  scene.addComponent(square(GREEN, { at: [0, 0, 2], opacity: 0, translucencySortPriority: -9 }));
  scene.addComponent(square(BLUE, { at: [0, 0, -2], opacity: 0.5, size: 7.9 }));
  scene.addComponent(square(RED, { translucencySortPriority: 9 }));
  for (const [kind, camera] of Object.entries(CAMERAS_ABOVE)) {
    const picture = await pictureFromAbove(scene, camera, { background: [0, 0, 0, 0] });
    assert.ok(areAlike(colorAt(picture, 0.5, 0.5), [...RED, 1]), kind);
    const beside = colorAt(picture, 3.2, 3.2);
    assert.ok(areAlike(beside, [...blended([BLUE, 0.5]), 0.5]), `${kind}: ${beside}`);
  }
});

Deno.test("opacity is clamped, and can vary over a surface", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  scene.addComponent(square(RED, { size: 8 }));
  // −1 at the left, 2 at the right.
  const opacity = e.subtract(e.multiply(e.componentMask(e.textureCoordinate(), "x"), 3), 1);
  scene.addComponent(square(BLUE, { at: [0, 0, 1], size: 8, opacity }));
  const picture = await pictureFromAbove(scene);
  for (let x = -3.75; x < 4; x += 0.5) {
    const there = Math.min(1, Math.max(0, 3 * (x + 4) / 8 - 1));
    const found = colorAt(picture, x, 0);
    assert.ok(areAlike(found, [...blended([RED, 1], [BLUE, there]), 1]), `${x}: ${found}`);
  }
});

Deno.test("the background is where nothing is, with its alpha", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  const empty = await pictureFromAbove(scene);
  assert.ok(empty.data.every((byte) => byte === 0));
  scene.addComponent(square(RED));
  const background = [0.2, 0.4, 0.6, 0.5];
  const picture = await pictureFromAbove(scene, CAMERAS_ABOVE.perspective, { background });
  assert.ok(areAlike(colorAt(picture, 3, 3), background));
  assert.ok(areAlike(colorAt(picture, 0.5, 0.5), [...RED, 1]));
});
