/**
 * The passes that draw a picture of a scene.
 *
 * @module
 */

import {
  type MaterialDraw,
  recordBytes,
  recordDraws,
  recordsOf,
  type SurfaceParts,
  writeDraws,
} from "../../rvt/mod.ts";
import { withDepthOfBoxes } from "./surface_depth.ts";
import type { MainPassDraws } from "./surface_draws.ts";
import type { CheckedSceneView } from "./surface_options.ts";
import {
  SITE_FORMAT,
  SURFACE_DEPTH_FORMAT,
  SURFACE_FORMAT,
  SURFACE_VIEW_BYTES,
  surfaceLayout,
  surfacePipeline,
} from "./surface_pipelines.ts";
import { recordSites, type SamplesOf, type SitePicture } from "./surface_sites.ts";
import { surfaceStages } from "./surface_stages.ts";
import type { SeenFrom } from "./surface_view.ts";

/** What is drawn. */
export interface DrawSurfacesOptions {
  readonly seen: SeenFrom;
  readonly view: CheckedSceneView;
  /** Most taps along the longer axis of the footprint of a sample of a virtual texture. */
  readonly maxAnisotropy: number;
  /** The draws as they are now; after layers were begun, others. */
  readonly drawsNow: () => MainPassDraws;
}

/** Word of `turn` in `SurfaceView`. */
const TURN_WORD = 11;
/** In the turn of no sample: all have their values. */
const ALL_SAMPLES = 2 ** 32 - 1;

/**
 * Submits the passes that draw a picture.
 *
 * @param owned Takes what must live until the picture is read.
 * @returns What it is drawn to.
 */
export function drawSurfaces(
  parts: SurfaceParts,
  options: DrawSurfacesOptions,
  owned: { destroy(): void }[],
): GPUTexture {
  const { layered } = parts;
  const { seen: { width, height, origin } } = options;
  if (options.view.layers === "sampled") {
    const what = { ...options, draws: options.drawsNow(), samplesOf: () => [] };
    return parts.withOrigin(origin, () => drawPasses(parts, what, owned));
  }
  const samplesOf: SamplesOf = ({ material }) => layered.samplesOf(material);
  const { opaque, translucent } = options.drawsNow();
  const counts = [...opaque, ...translucent].map((draw) => samplesOf(draw).length);
  const samples = counts.reduce((most, count) => Math.max(most, count), 1);
  layered.begin({ size: [width, height], samples, origin });
  try {
    return drawPasses(parts, { ...options, draws: options.drawsNow(), samplesOf }, owned);
  } finally {
    layered.destroy();
  }
}

function drawPasses(
  parts: SurfaceParts,
  what: DrawSurfacesOptions & { readonly draws: MainPassDraws; readonly samplesOf: SamplesOf },
  owned: { destroy(): void }[],
): GPUTexture {
  const { device } = parts;
  const { gpu, submits } = device;
  const { seen, view, draws, samplesOf } = what;
  const { width, height, nearnessSign } = seen;
  const { boxes, layeredBoxes, layers } = draws;
  const toClip = nearnessSign === null
    ? seen.toClip
    : withDepthOfBoxes(seen.toClip, nearnessSign, boxes);
  const texture = (label: string, format: GPUTextureFormat, usage = 0) => {
    const made = gpu.createTexture({
      label,
      format,
      size: [width, height],
      usage: GPUTextureUsage.RENDER_ATTACHMENT | usage,
    });
    owned.push(made);
    return made;
  };
  const target = texture("scene", SURFACE_FORMAT, GPUTextureUsage.COPY_SRC);
  const depth = texture("scene depth", SURFACE_DEPTH_FORMAT);
  const groupOf = viewGroups(parts, { ...what, toClip }, owned);
  const encoder = gpu.createCommandEncoder({ label: "scene" });
  const stages = surfaceStages(draws, samplesOf);
  let picture: SitePicture | null = null;
  let first = 0;
  for (const [i, { opaque, translucent, sampling }] of stages.entries()) {
    if (sampling.length > 0) {
      const site = (label: string, format: GPUTextureFormat) =>
        texture(label, format, GPUTextureUsage.TEXTURE_BINDING).createView();
      picture ??= {
        targets: {
          places: site("scene sites", SITE_FORMAT),
          steps: site("scene site steps", SITE_FORMAT),
          depth: texture("scene site depth", SURFACE_DEPTH_FORMAT).createView(),
        },
        ...{
          layers,
          toClip,
          size: [width, height],
          boxes: layeredBoxes,
          groupOf,
          feedback: view.feedback,
          maxAnisotropy: what.maxAnisotropy,
        },
      };
      owned.push(...recordSites(encoder, parts, { picture, draws: sampling, first, samplesOf }));
    }
    const pass = encoder.beginRenderPass(mainPass({ target, depth }, view, {
      isFirst: i === 0,
      isLast: i === stages.length - 1,
    }));
    pass.setBindGroup(0, groupOf(ALL_SAMPLES));
    const record = (drawn: readonly MaterialDraw[], hides: boolean) => {
      recordDraws(pass, parts, {
        draws: drawn,
        first,
        pipelineOf: (needs) => surfacePipeline(device, { ...needs, layers: view.layers, hides }),
        feedback: view.feedback,
      });
      first += recordsOf(drawn);
    };
    record(opaque, true);
    record(translucent, false);
    pass.end();
  }
  submits.submit([encoder.finish()]);
  return target;
}

/** Makes the bind groups of records and view, one for each turn of samples that is asked for. */
function viewGroups(
  { device: { gpu } }: SurfaceParts,
  what: DrawSurfacesOptions & { readonly draws: MainPassDraws; readonly toClip: Float64Array },
  owned: { destroy(): void }[],
): (turn: number) => GPUBindGroup {
  const { seen, view, toClip } = what;
  const draws = [...what.draws.opaque, ...what.draws.translucent];
  const mapped = (label: string, size: number, usage: number) => {
    const made = gpu.createBuffer({ label, size, usage, mappedAtCreation: true });
    owned.push(made);
    return made;
  };
  const records = mapped("surfaces", recordBytes(recordsOf(draws)), GPUBufferUsage.STORAGE);
  writeDraws(records.getMappedRange(), 0, { draws, toClip, origin: seen.origin });
  records.unmap();
  const groups = new Map<number, GPUBindGroup>();
  return (turn) => {
    const known = groups.get(turn);
    if (known !== undefined) return known;
    const uniform = mapped("surface view", SURFACE_VIEW_BYTES, GPUBufferUsage.UNIFORM);
    const bytes = uniform.getMappedRange();
    const isOrthographic = seen.nearnessSign !== null;
    new Float32Array(bytes).set([
      // Relative positions begin at the camera.
      ...(isOrthographic ? [...seen.camera, 1] : [0, 0, 0, 0]),
      ...[...view.towardsLight, 0],
      ...view.lightColor,
    ]);
    new Uint32Array(bytes)[TURN_WORD] = turn;
    uniform.unmap();
    const group = gpu.createBindGroup({
      label: "surfaces",
      layout: surfaceLayout(gpu),
      entries: [
        { binding: 0, resource: { buffer: records } },
        { binding: 1, resource: { buffer: uniform } },
      ],
    });
    groups.set(turn, group);
    return group;
  };
}

function mainPass(
  { target, depth }: { readonly target: GPUTexture; readonly depth: GPUTexture },
  { background }: CheckedSceneView,
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): GPURenderPassDescriptor {
  const [r, g, b, a] = background as [number, number, number, number];
  const loadOp = isFirst ? "clear" : "load";
  return {
    label: "main pass",
    colorAttachments: [{
      view: target.createView(),
      loadOp,
      storeOp: "store",
      clearValue: { r, g, b, a },
    }],
    depthStencilAttachment: {
      view: depth.createView(),
      depthLoadOp: loadOp,
      depthStoreOp: isLast ? "discard" : "store",
      depthClearValue: 0,
    },
  };
}
