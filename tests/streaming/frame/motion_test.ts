import assert from "node:assert/strict";
import { CameraMotion } from "../../../src/streaming/frame/motion.ts";
import { checkedCamera, lookAt, perspective } from "../../../src/geometry/mod.ts";

const projection = perspective({ fovYDegrees: 50, aspect: 1.5, near: 1, far: 1000 });

function cameraAt(position: readonly number[]) {
  const target = [position[0]! + 3, position[1]! - 4, position[2]! - 5];
  return checkedCamera({ position, view: lookAt(position, target), projection });
}

Deno.test("a steady camera is predicted where it will be, as a camera that is built there", () => {
  const motion = new CameraMotion();
  const step = [3, -2, 0.5];
  let predicted = null;
  let position = [10, 20, 30];
  for (let update = 0; update < 40; update++) {
    position = position.map((p, i) => p + step[i]!);
    predicted = motion.follow(cameraAt(position));
  }
  const rebuilt = cameraAt(position.map((p, i) => p + 8 * step[i]!));
  assert.ok(predicted !== null && predicted.viewProjection !== null);
  for (let i = 0; i < 3; i++) {
    assert.ok(Math.abs(predicted.position[i]! - rebuilt.position[i]!) < 1e-6);
  }
  for (let i = 0; i < 16; i++) {
    assert.ok(Math.abs(predicted.viewProjection[i]! - rebuilt.viewProjection![i]!) < 1e-6);
  }
});

Deno.test("a camera that stands, or has just stopped, is not predicted", () => {
  const motion = new CameraMotion();
  assert.equal(motion.follow(cameraAt([0, 0, 9])), null);
  assert.equal(motion.follow(cameraAt([0, 0, 9])), null);
  assert.equal(motion.follow(cameraAt([1, 0, 9])), null);
  assert.notEqual(motion.follow(cameraAt([2, 0, 9])), null);
  assert.equal(motion.follow(cameraAt([2, 0, 9])), null);
});

Deno.test("a jump is not taken for motion, but what goes on after it is", () => {
  const motion = new CameraMotion();
  for (let x = 0; x < 5; x++) motion.follow(cameraAt([x, 0, 9]));
  assert.equal(motion.follow(cameraAt([900, 0, 9])), null);
  assert.equal(motion.follow(cameraAt([901, 0, 9])), null);
  assert.equal(motion.follow(cameraAt([902, 0, 9]))?.position[0], 910);
});

Deno.test("a camera without matrices is predicted by its position", () => {
  const motion = new CameraMotion();
  motion.follow(checkedCamera({ position: [-2, 0, 9] }));
  motion.follow(checkedCamera({ position: [0, 0, 9] }));
  const predicted = motion.follow(checkedCamera({ position: [2, 0, 9] }));
  assert.equal(predicted?.viewProjection, null);
  assert.ok(predicted!.position[0] > 2);
});
