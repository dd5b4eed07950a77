/**
 * Textures that are made from each other, in a pool that is too small for what all of them need: what is
 * made whole takes room from others, which may not go on in turn without end.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, type RuntimeVirtualTextureLike } from "../../../src/rvt/material/mod.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { ControlledSource } from "../../streaming/sources.ts";
import { EditedSource, makeAsset, plane, SampledScene, volumeOf } from "./sampled_scene.ts";

const VIEW = { ...lookDown(32, 32, heightOfLevel(0) / 20), viewport: [300, 300] as const };
/** Some times what it takes, and far fewer than of a view that never settles. */
const MOST_READS = 3000;

for (
  const [mebibytes, bias, sizes] of [
    [1.6, 0, [3, 3, 1]],
    [2, -1, [3, 2, 3]],
  ] as const
) {
  Deno.test(`a chain of three textures settles in ${mebibytes} MiB`, async () => {
    using device = await requestDevice();
    using made = new SampledScene(device, { maxMemoryBytes: mebibytes * 2 ** 20 });
    const source = new ControlledSource(new EditedSource().tiles(1024, "rgba8unorm-srgb"));
    const streamed = await made.system.loadTexture(source);
    const assets = sizes.map((sizeInTilesLog2, i) => makeAsset(`link ${i}`, { sizeInTilesLog2 }));
    const [first, second, third] = assets as [typeof assets[0], typeof assets[0], typeof assets[0]];
    const swapped = e.append(
      e.componentMask(e.textureCoordinate(), "y"),
      e.componentMask(e.textureCoordinate(), "x"),
    );
    const shown = (asset: RuntimeVirtualTextureLike) =>
      e.runtimeVirtualTextureSample(asset, { mipMode: "bias", bias }).baseColor;
    const color = e.componentMask(e.virtualTextureSample(streamed, { uv: swapped }), "xyz");
    made.scene.addComponent(plane("shows the source", color, [first]));
    made.scene.addComponent(plane("shows the first", shown(first), [second]));
    made.scene.addComponent(plane("shows the second", shown(second), [third]));
    for (const asset of assets) await made.scene.addVolume(volumeOf(asset));
    // Timers have no turn while tiles come one after the other.
    const stop = new AbortController();
    source.before = () => {
      if (source.reads.length > MOST_READS) stop.abort(new Error("The view never settles"));
    };
    await made.system.update(VIEW, { signal: stop.signal });
    await made.system.flush({ signal: stop.signal });
    assert.ok(source.reads.length > 0);
  });
}
