/**
 * Compares pictures with golden ones, which are beside this file.
 *
 * Only lavapipe's pictures are compared, as other adapters may round differently. With
 * FORGE3D_UPDATE_GOLDENS=1 the golden pictures are written again; look at them before you keep
 * them.
 *
 * @module
 */

import assert from "node:assert/strict";
import pixelmatch from "pixelmatch";
import sharp from "sharp";
import { IS_LAVAPIPE } from "../helpers/filter_precision.ts";
import type { Picture } from "../../src/scene/mod.ts";

/** Largest difference of a channel from its golden value. */
const TOLERANCE = 3;
const FAILED_FOLDER = new URL("../../out/golden/", import.meta.url);

/** Differences between two pictures. */
export interface Difference {
  /** Largest difference of a channel. */
  readonly max: number;
  /** Pixels that look different. */
  readonly pixels: number;
}

/** Compares the pixels of two pictures of one size. */
export function difference(
  a: Uint8Array,
  b: Uint8Array,
  size: { width: number; height: number },
): Difference {
  assert.equal(a.length, b.length);
  let max = 0;
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i]! - b[i]!));
  const pixels = pixelmatch(a, b, undefined, size.width, size.height, { threshold: 0.05 });
  return { max, pixels };
}

/** Pixels of a golden picture, or null if there is none. */
export async function readGolden(
  name: string,
): Promise<{ data: Uint8Array; width: number; height: number } | null> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(new URL(`${name}.png`, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/**
 * Makes a test that draws a picture and compares it with its golden one. On another adapter than
 * lavapipe the test is skipped.
 */
export function testGolden(name: string, draw: () => Promise<Picture>): void {
  Deno.test({
    name: `${name} looks as its golden picture does (needs lavapipe)`,
    ignore: !IS_LAVAPIPE,
    fn: async () => await compareWithGolden(name, await draw()),
  });
}

async function compareWithGolden(name: string, picture: Picture): Promise<void> {
  if (Deno.env.get("FORGE3D_UPDATE_GOLDENS") === "1") {
    await Deno.writeFile(new URL(`${name}.png`, import.meta.url), await picture.toPng());
    return;
  }
  const golden = await readGolden(name);
  assert.ok(golden, `there is no golden picture ${name}.png: run with FORGE3D_UPDATE_GOLDENS=1`);
  assert.deepEqual([golden.width, golden.height], [picture.width, picture.height]);
  const { max, pixels } = difference(golden.data, picture.data, picture);
  if (max <= TOLERANCE) return;
  await Deno.mkdir(FAILED_FOLDER, { recursive: true });
  await Deno.writeFile(new URL(`${name}.png`, FAILED_FOLDER), await picture.toPng());
  assert.fail(
    `${name} differs from its golden picture by ${max} (${pixels} pixels look different): ` +
      `see out/golden/${name}.png`,
  );
}
