import assert from "node:assert/strict";
import { join } from "node:path";
import { demoRvtOptions } from "../../../src/cli/demo_rvt/demo_rvt_options.ts";
import { pictureDifference } from "../../../src/cli/demo_rvt/picture_difference.ts";
import { metresFromRoad, pointAt, ROAD_POINTS } from "../../../src/cli/demo_rvt/road_line.ts";
import { projectFolder } from "../../../src/cli/folders.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { Picture } from "../../../src/scene/mod.ts";

Deno.test("the demo of runtime virtual textures takes frames, size and folder", () => {
  const folder = join(projectFolder(), "out", "demo-rvt");
  assert.equal(demoRvtOptions([]).folder, folder);
  assert.deepEqual(
    demoRvtOptions(["--frames", "5", "--size=320x180", "--out", "/tmp/a"]),
    { frames: 5, size: [320, 180], folder: "/tmp/a" },
  );
});

Deno.test("the demo of runtime virtual textures refuses bad options, and names them", () => {
  for (const frames of ["", "3", "1001", "4.5", "many"]) {
    assert.throws(
      () => demoRvtOptions([`--frames=${frames}`]),
      (error) => error instanceof OutOfRangeError && error.message.includes("--frames must be"),
    );
  }
  for (const size of ["", "320", "320x", "63x180", "320x2049", "320 x 180"]) {
    assert.throws(
      () => demoRvtOptions([`--size=${size}`]),
      (error) => error instanceof OutOfRangeError && error.message.includes("--size must be"),
    );
  }
  for (const args of [["--fast"], ["folder"], ["--frames"], ["--out=a", "--out=b"]]) {
    assert.throws(() => demoRvtOptions(args), InvalidArgumentError);
  }
});

Deno.test("a difference is that of the colours, and of nothing else", () => {
  const picture = (...pixels: number[]) => new Picture(2, 1, Uint8Array.from(pixels));
  const a = picture(10, 20, 30, 255, 40, 50, 60, 255);
  assert.equal(pictureDifference(a, picture(10, 20, 30, 0, 40, 50, 60, 0)).mean, 0);
  const { mean, farShare, psnr, picture: shown } = pictureDifference(
    a,
    picture(10, 22, 30, 255, 40, 50, 90, 255),
  );
  assert.equal(mean, 32 / 6);
  assert.equal(farShare, 0.5);
  assert.ok(Math.abs(psnr - 10 * Math.log10(255 ** 2 * 6 / 904)) < 1e-9);
  assert.deepEqual([...shown.data], [0, 16, 0, 255, 0, 0, 240, 255]);
});

Deno.test("the road's line goes through its points", () => {
  for (const [i, [x, y]] of ROAD_POINTS.entries()) {
    assert.deepEqual([...pointAt(ROAD_POINTS, i)], [x, y]);
    assert.ok(metresFromRoad(x, y) < 1e-9);
  }
  assert.ok(Math.abs(metresFromRoad(0, 0) - Math.hypot(196, 76)) < 1e-9);
});
