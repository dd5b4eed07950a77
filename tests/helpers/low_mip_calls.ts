/**
 * Calls about baked low mips and deferred components, and their options.
 *
 * @module
 */

import * as forge3d from "../../src/mod.ts";
import type { Entry, Rule } from "./option_rules.ts";
import { number, typed } from "./option_rules.ts";

const BOUNDS = { min: [0, 0, 0], max: [1, 1, 1] } as const;

/** What deferred components are made of beside their textures. */
const DEFERRED = {
  name: "rock",
  bounds: BOUNDS,
  identity: "rock 1",
  renderToVirtualTextures: [],
  load: () => Promise.reject(new forge3d.OutOfRangeError("load", "nothing to load")),
};

/** Options of a volume about its low mips. */
export const LOW_MIP_RULES: readonly Rule[] = [
  number("streamingLowMips", [-1, 16, 0.5], "from 0 to 15"),
  typed("virtualTextureBuilder", {}, "a.pmtiles"),
  ...["buildDebug", "useStreamingLowMipsInEditor"].map((name) => ({
    name,
    wrong: ["yes", 1, 0, {}],
    impossible: [],
    says: [],
  })),
];

/** Functions and methods by name, with arguments that are right. */
export function lowMipCalls(
  scene: forge3d.RuntimeVirtualTextureScene,
): Readonly<Record<string, readonly [call: (...given: never[]) => unknown, ...args: unknown[]]>> {
  const volume = scene.volumes[0]!;
  const deferred = new forge3d.DeferredComponent(DEFERRED);
  const name = "RuntimeVirtualTextureScene";
  const callOf = <Target extends object>(target: Target, key: keyof Target & string) =>
    (target[key] as (...given: never[]) => unknown).bind(target);
  const build = (kind: unknown) => (...given: never[]) =>
    new (kind as new (...args: never[]) => object)(...given);
  return {
    "new VirtualTextureBuilder": [build(forge3d.VirtualTextureBuilder), {}],
    "new DeferredComponent": [build(forge3d.DeferredComponent), DEFERRED],
    "fileIdentity": [forge3d.fileIdentity, "deno.json"],
    "DeferredComponent.boxes": [callOf(deferred, "boxes")],
    "DeferredComponent.load": [async () => await deferred.load().catch(() => {})],
    "DeferredComponent.unload": [callOf(deferred, "unload")],
    [`${name}.addDeferredComponent`]: [callOf(scene, "addDeferredComponent"), deferred],
    [`${name}.removeDeferredComponent`]: [callOf(scene, "removeDeferredComponent"), deferred],
    [`${name}.build`]: [
      async (built: forge3d.RuntimeVirtualTextureVolume, options: forge3d.BuildOptions) => {
        if (built === volume) volume.change({ streamingLowMips: 1 });
        return await scene.build(built, options);
      },
      volume,
      {},
    ],
    [`${name}.buildVirtualTextures`]: [callOf(scene, "buildVirtualTextures"), {}],
  };
}

/** Calls that take options. */
export function lowMipEntries(scene: forge3d.RuntimeVirtualTextureScene): readonly Entry[] {
  const building = [
    typed("signal", {}, "stop", 0),
    typed("onProgress", {}, "log"),
  ];
  return [
    {
      entry: "new VirtualTextureBuilder",
      call: (options) => new forge3d.VirtualTextureBuilder(options),
      rules: [
        typed("name", {}),
        typed("path", {}),
        typed("bytes", {}, [1, 2]),
        typed("open", {}, "http"),
      ],
    },
    {
      entry: "new DeferredComponent",
      call: (options) => new forge3d.DeferredComponent({ ...DEFERRED, ...options }),
      rules: [
        typed("name", {}),
        typed("identity", {}),
        typed("renderToVirtualTextures", {}, [{}], "ground", ["ground"]),
        typed("material", {}, "red"),
        typed("load", {}, "rock.glb"),
      ],
    },
    {
      entry: "RuntimeVirtualTextureScene.build",
      call: (options) => {
        const volume = scene.volumes[0]!;
        volume.change({ streamingLowMips: 1 });
        return scene.build(volume, options);
      },
      rules: building,
    },
    {
      entry: "RuntimeVirtualTextureScene.buildVirtualTextures",
      call: (options) => scene.buildVirtualTextures(options),
      rules: building,
    },
  ];
}
