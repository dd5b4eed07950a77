/**
 * Layers of runtime virtual textures, evaluated where the surfaces of a picture sample them.
 *
 * @module
 */

import type { OrientedBox } from "../../geometry/mod.ts";
import {
  type DrawnSample,
  type LayerSites,
  type MaterialDraw,
  type PipelineNeeds,
  recordDraws,
  recordLayers,
  type RuntimeVirtualTextureLike,
  type SurfaceParts,
} from "../../rvt/mod.ts";
import { sitePipeline } from "./surface_pipelines.ts";

/** What the sites of a picture are drawn to. */
export interface SiteTargets extends LayerSites {
  readonly depth: GPUTextureView;
}

/** What all stages of a picture have in common. */
export interface SitePicture {
  readonly targets: SiteTargets;
  /** What is written to each texture. */
  readonly layers: ReadonlyMap<RuntimeVirtualTextureLike, readonly MaterialDraw[]>;
  /** World to clip space: column-major. */
  readonly toClip: Float64Array;
  /** Pixels of the picture. */
  readonly size: readonly [number, number];
  /** Boxes of all that samples. */
  readonly boxes: readonly OrientedBox[];
  /** Whether virtual textures report the tiles that they want. */
  readonly feedback: boolean;
  /** Most taps of a sample along the longer axis of its footprint. */
  readonly maxAnisotropy: number;
  /** The bind group of records and view in the turn of a sample. */
  readonly groupOf: (turn: number) => GPUBindGroup;
}

/** The samples of a draw whose layers are evaluated, in their order. */
export type SamplesOf = (draw: MaterialDraw) => readonly DrawnSample[];

/**
 * Records, for the samples of some draws in turn, where each pixel takes its sample, and all layers there.
 *
 * @param stage The draws, of which the nearest hides the others, and the number of their first record.
 * @returns What must live until the commands are submitted.
 */
export function recordSites(
  encoder: GPUCommandEncoder,
  parts: SurfaceParts,
  stage: {
    readonly picture: SitePicture;
    readonly draws: readonly MaterialDraw[];
    readonly first: number;
    readonly samplesOf: SamplesOf;
  },
): readonly { destroy(): void }[] {
  const { device } = parts;
  const { picture, draws, first, samplesOf } = stage;
  const { targets, toClip, size, boxes, feedback, maxAnisotropy } = picture;
  const owned: { destroy(): void }[] = [];
  const turns = draws.reduce((most, draw) => Math.max(most, samplesOf(draw).length), 0);
  for (let turn = 0; turn < turns; turn++) {
    const pass = encoder.beginRenderPass(sitePass(targets));
    pass.setBindGroup(0, picture.groupOf(turn));
    const pipelineOf = (needs: PipelineNeeds) => sitePipeline(device, needs);
    recordDraws(pass, parts, { draws, first, pipelineOf, feedback });
    pass.end();
    for (const [asset, anywhere] of assetsInTurn(draws.map(samplesOf), turn)) {
      owned.push(...recordLayers(encoder, parts, {
        ...{ asset: parts.layered.assetOf(asset)!, draws: picture.layers.get(asset)! },
        ...{ sample: turn, sites: targets, anywhere, toClip, size, boxes, feedback },
        maxAnisotropy,
      }));
    }
  }
  return owned;
}

/** The textures that are sampled in a turn, and whether any of them at other places than the pixel's own. */
function assetsInTurn(
  samples: readonly (readonly DrawnSample[])[],
  turn: number,
): Map<RuntimeVirtualTextureLike, boolean> {
  const assets = new Map<RuntimeVirtualTextureLike, boolean>();
  for (const { [turn]: sample } of samples) {
    if (sample === undefined) continue;
    assets.set(sample.asset, (assets.get(sample.asset) ?? false) || !sample.isAtPixel);
  }
  return assets;
}

function sitePass({ places, steps, depth }: SiteTargets): GPURenderPassDescriptor {
  return {
    label: "sites of layers",
    colorAttachments: [places, steps].map((view) => ({
      view,
      loadOp: "clear",
      storeOp: "store",
      clearValue: [0, 0, 0, 0],
    })),
    depthStencilAttachment: {
      view: depth,
      depthLoadOp: "clear",
      depthStoreOp: "discard",
      depthClearValue: 0,
    },
  };
}
