import assert from "node:assert/strict";
import { DeviceError, DisposedError } from "../../../src/errors.ts";
import { adoptDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  type ExpressionInput,
  expressions as e,
  Material,
  RuntimeVirtualTextureScene,
} from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { SILENT } from "../../rvt/scene/worlds.ts";
import { withLosses } from "../../streaming/renewal/losses.ts";
import { CAMERAS_ABOVE, emptyScene, pictureFromAbove, square } from "./flat_scene.ts";
import { CAMERAS, makeAllResident, pictureWorld } from "./picture_worlds.ts";

const CAMERA = CAMERAS_ABOVE.orthographic;
const NUMBERS = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Inputs that are of the wrong type, and those with a wrong value. */
const WRONG: readonly (readonly [
  argument: "scene" | "camera" | "options",
  value: unknown,
  error: "InvalidArgumentError" | "OutOfRangeError",
  message: RegExp,
])[] = [
  ["scene", undefined, "InvalidArgumentError", /scene/],
  ["scene", {}, "InvalidArgumentError", /scene/],
  ["camera", undefined, "InvalidArgumentError", /width/],
  ["camera", null, "InvalidArgumentError", /width/],
  ["camera", { ...CAMERA, width: "16" }, "InvalidArgumentError", /width/],
  ["camera", { ...CAMERA, width: 0 }, "OutOfRangeError", /width/],
  ["camera", { ...CAMERA, height: 1.5 }, "OutOfRangeError", /height/],
  ["camera", { ...CAMERA, height: 2 ** 20 }, "OutOfRangeError", /height/],
  ["camera", { ...CAMERA, view: undefined }, "InvalidArgumentError", /view/],
  ["camera", { ...CAMERA, view: NUMBERS.slice(1) }, "InvalidArgumentError", /view/],
  ["camera", { ...CAMERA, view: NUMBERS.with(5, NaN) }, "OutOfRangeError", /view/],
  ["camera", { ...CAMERA, view: NUMBERS.map(() => 0) }, "OutOfRangeError", /view/],
  ["camera", { ...CAMERA, projection: [1] }, "InvalidArgumentError", /projection/],
  ["camera", { ...CAMERA, projection: NUMBERS.with(0, Infinity) }, "OutOfRangeError", /projection/],
  ["camera", { ...CAMERA, projection: NUMBERS.map(() => 0) }, "OutOfRangeError", /projection/],
  ["camera", { ...CAMERA, position: "here" }, "InvalidArgumentError", /position/],
  ["options", 1, "InvalidArgumentError", /options/],
  ["options", null, "InvalidArgumentError", /options/],
  ["options", { light: [0, 0, 1] }, "InvalidArgumentError", /no option light/],
  ["options", { towardsLight: "up" }, "InvalidArgumentError", /towardsLight/],
  ["options", { towardsLight: [0, 1] }, "InvalidArgumentError", /towardsLight/],
  ["options", { towardsLight: [0, 0, 0] }, "OutOfRangeError", /towardsLight/],
  ["options", { towardsLight: [0, 0, NaN] }, "OutOfRangeError", /towardsLight/],
  ["options", { lightColor: [1, 1] }, "InvalidArgumentError", /lightColor/],
  ["options", { lightColor: [1, 1, Infinity] }, "OutOfRangeError", /lightColor/],
  ["options", { lightColor: [1, 1, -1] }, "OutOfRangeError", /lightColor/],
  ["options", { background: [1, 1, 1] }, "InvalidArgumentError", /background/],
  ["options", { background: [1, 1, 1, NaN] }, "OutOfRangeError", /background/],
  ["options", { layers: 1 }, "InvalidArgumentError", /layers/],
  ["options", { layers: "tiles" }, "OutOfRangeError", /layers/],
  ["options", { feedback: "yes" }, "InvalidArgumentError", /feedback/],
  ["options", { signal: {} }, "InvalidArgumentError", /signal/],
];

Deno.test("every wrong argument is refused by name, and the next picture is as before", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  scene.addComponent(square([0.2, 0.4, 0.6]));
  const before = await pictureFromAbove(scene);
  for (const [argument, value, name, message] of WRONG) {
    const all = { scene, camera: CAMERA, options: {}, [argument]: value } as const;
    const what = `${argument} ${JSON.stringify(value)}`;
    await assert.rejects(
      renderScene(all.scene as never, all.camera as never, all.options as never),
      (error: Error) => {
        assert.equal(error.name, name, `${what}: ${error}`);
        assert.match(error.message, message, what);
        assert.match(error.message, /^Cannot /, what);
        return true;
      },
      what,
    );
  }
  assert.deepEqual(await pictureFromAbove(scene), before);
});

/** A node with a name whose code is WGSL or not. */
function custom(code: string): ExpressionInput {
  return e.named(e.customWgsl({ code, inputs: {}, components: 3 }), "my colour");
}

Deno.test("a material that does not compile is an error that names its node, until it is mended", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  const material = new Material({ name: "broken", baseColor: custom("return vec3f(nothing);") });
  const component = square([0, 0, 0]);
  component.material = material;
  scene.addComponent(component);
  for (let i = 0; i < 2; i++) {
    await assert.rejects(pictureFromAbove(scene), {
      name: "OutOfRangeError",
      message: /"broken" as node "my colour" is not valid WGSL: .*nothing/s,
    });
  }
  component.drawInMainPass = "never";
  await pictureFromAbove(scene);
  component.drawInMainPass = "always";
  material.connect({ baseColor: custom("return vec3f(0.0, 1.0, 0.0);"), specular: 0 });
  const { data, width } = await pictureFromAbove(scene);
  assert.deepEqual([...data.subarray(4 * (width / 2 * width + width / 2)).subarray(0, 3)], [
    ...[0, 255, 0],
  ]);
});

Deno.test("a signal ends the wait for a picture with its reason, before it or meanwhile", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  using _system = system;
  scene.addComponent(square([1, 1, 1]));
  const reason = new Error("enough");
  const isReason = (error: unknown) => error === reason;
  const signal = AbortSignal.abort(reason);
  await assert.rejects(pictureFromAbove(scene, CAMERA, { signal }), isReason);
  const controller = new AbortController();
  const picture = pictureFromAbove(scene, CAMERA, { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(picture, isReason);
  await pictureFromAbove(scene);
});

Deno.test("a scene whose system is closed has no pictures", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device);
  scene.addComponent(square([1, 1, 1]));
  await pictureFromAbove(scene);
  system.close();
  await assert.rejects(pictureFromAbove(scene), DisposedError);
});

Deno.test("a borrowed device that is lost has no pictures, and a device that was requested is replaced", async () => {
  using device = await requestDevice();
  const borrowed = new VirtualTextureSystem(adoptDevice(device.gpu), { logger: SILENT });
  const scene = new RuntimeVirtualTextureScene(borrowed);
  scene.addComponent(square([1, 0, 1]));
  const before = await pictureFromAbove(scene);
  using own = new VirtualTextureSystem(device, { logger: SILENT });
  const ownScene = new RuntimeVirtualTextureScene(own);
  for (const component of scene.components) ownScene.addComponent(component);
  assert.deepEqual(await pictureFromAbove(ownScene), before);
  device.gpu.destroy();
  await assert.rejects(pictureFromAbove(scene), DeviceError);
  assert.deepEqual(await pictureFromAbove(ownScene), before);
});

/** Loses the device at every so many calls of a picture. */
async function assertSurvivesLosses(
  layers: "sampled" | "direct",
  { every }: { readonly every: number },
): Promise<void> {
  const camera = CAMERAS.above(32);
  let countdown = Infinity;
  await withLosses(() => --countdown === 0, async (losses) => {
    using device = await requestDevice();
    const world = await pictureWorld(device);
    using system = world.system;
    await makeAllResident(world);
    const draw = () => renderScene(world.scene, camera, { feedback: false, layers });
    const before = await draw();
    const callsBefore = losses.calls;
    await draw();
    const calls = losses.calls - callsBefore;
    for (let call = 1; call <= calls; call += every) {
      const { length } = losses.at;
      countdown = call;
      const after = await draw();
      countdown = Infinity;
      assert.equal(losses.at.length, length + 1, `a device was lost at call ${call}`);
      const isSame = after.data.every((byte, i) => Math.abs(byte - before.data[i]!) <= 1);
      assert.ok(isSame, `call ${call}: ${losses.at.at(-1)}`);
      await system.renewed();
    }
    assert.deepEqual(losses.uncaptured, []);
    losses.isOver = true;
  });
}

Deno.test("a device that is lost at any call of a picture leaves no trace in it", async () => {
  await assertSurvivesLosses("sampled", { every: 4 });
});

Deno.test("so it is when layers are shaded directly", async () => {
  await assertSurvivesLosses("direct", { every: 31 });
});
