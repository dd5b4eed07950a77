/**
 * A custom render loop: a virtual texture of 65,536 × 65,536 texels on hills that a pipeline of
 * this script draws, streamed through 24 MiB while the camera comes down. Writes the last frame.
 *
 *     deno run --allow-write=out examples/render_loop.ts [FOLDER]
 *
 * picture: not compared, the test holds it against the colours of the texture
 *
 * @module
 */

import {
  type CameraView,
  type ForgeDevice,
  lookAt,
  perspective,
  Picture,
  requestDevice,
  type StreamedTexture,
  VirtualTextureSystem,
  virtualTextureWgsl,
} from "@forge3d/forge3d";
import { FIELDS_SIZE, fieldsSource } from "./helpers/fields.ts";

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 96;
const COLOR_FORMAT = "rgba8unorm-srgb";
const DEPTH_FORMAT = "depth32float";
const SKY = { r: 0.42, g: 0.61, b: 0.83, a: 1 };
/** Cells of the ground along one side. */
const CELLS = 192;
/** The point of the texture, from 0 to 1, that the camera comes down to: the middle of a field. */
const GOAL = { u: 26.5 / 64, v: 22.5 / 64 };

/** The texel that the camera comes down to. Offsets from it are exact where the view is close. */
const ANCHOR = `vec2<i32>(${Math.floor(GOAL.u * FIELDS_SIZE)}, ${
  Math.floor(GOAL.v * FIELDS_SIZE)
})`;

/**
 * Group 0 is the camera's, group 1 the virtual texture's. A texture this large takes a texel and an
 * offset from it, as 32-bit uv would be too coarse. `vt_sample_at` returns linear light; it takes
 * derivatives, so it must not be called inside a condition.
 */
const SHADER = virtualTextureWgsl({ group: 1, feedback: true }) + /* wgsl */ `
@group(0) @binding(0) var<uniform> view_projection: mat4x4<f32>;

struct Corner {
  @builtin(position) position: vec4<f32>,
  // In texels, from the anchor.
  @location(0) offset: vec2<f32>,
  @location(1) normal: vec3<f32>,
}

// The ground: x and y from -1 to 1. The same as groundHeight of the script.
fn ground_height(at: vec2<f32>) -> f32 {
  return 0.03 * (2.0 + sin(5.0 * at.x) * cos(4.0 * at.y) + sin(9.0 * at.x + 3.0 * at.y));
}

@vertex
fn place_corner(@builtin(vertex_index) index: u32) -> Corner {
  const corners = array(vec2(0, 0), vec2(1, 0), vec2(0, 1), vec2(0, 1), vec2(1, 0), vec2(1, 1));
  let cell = index / 6;
  let column_row = vec2<i32>(vec2(cell % ${CELLS}, cell / ${CELLS})) + corners[index % 6];
  let uv = vec2<f32>(column_row) / ${CELLS}.0;
  let at = vec2(2.0 * uv.x - 1.0, 1.0 - 2.0 * uv.y);
  let step = vec2(1e-3, 0.0);
  let slope = vec2(
    ground_height(at + step.xy) - ground_height(at - step.xy),
    ground_height(at + step.yx) - ground_height(at - step.yx),
  ) / (2.0 * step.x);
  let position = view_projection * vec4(at, ground_height(at), 1.0);
  // ${CELLS} times the place in texels, so that it is an integer.
  let place = column_row * ${FIELDS_SIZE};
  let fraction = vec2<f32>(place % ${CELLS}) / ${CELLS}.0;
  let offset = vt_offset_from(${ANCHOR}, place / ${CELLS}, fraction);
  return Corner(position, offset, vec3(-slope, 1.0));
}

@fragment
fn shade(corner: Corner) -> @location(0) vec4<f32> {
  let color = vt_sample_at(${ANCHOR}, corner.offset, corner.position.xy);
  let sun = normalize(vec3(-0.6, 0.3, 0.75));
  let light = 0.25 + 0.75 * max(dot(normalize(corner.normal), sun), 0.0);
  return vec4(color.rgb * light, 1.0);
}
`;

function groundHeight(x: number, y: number): number {
  return 0.03 * (2 + Math.sin(5 * x) * Math.cos(4 * y) + Math.sin(9 * x + 3 * y));
}

/** The camera at a time from 0 to 1: from high above the whole texture down to the goal. */
function cameraAt(time: number): CameraView {
  const x = 2 * GOAL.u - 1;
  const y = 1 - 2 * GOAL.v;
  const goal = [x, y, groundHeight(x, y)];
  // The distance shrinks by the same factor in every frame.
  const distance = 2.6 * (0.07 / 2.6) ** time;
  const pitch = 1.2 - 0.84 * time;
  const position = [
    goal[0]!,
    goal[1]! - distance * Math.cos(pitch),
    goal[2]! + distance * Math.sin(pitch),
  ];
  return {
    position,
    view: lookAt(position, goal, { up: [0, 0, 1] }),
    projection: perspective({ fovYDegrees: 50, aspect: WIDTH / HEIGHT, near: 0.005, far: 10 }),
    viewport: [WIDTH, HEIGHT],
  };
}

/** Draws the ground. Owns its target, depth and uniform. */
class GroundRenderer {
  readonly #device: ForgeDevice;
  readonly #texture: StreamedTexture;
  readonly #pipeline: GPURenderPipeline;
  readonly #uniform: GPUBuffer;
  readonly #cameraGroup: GPUBindGroup;
  readonly #color: GPUTexture;
  readonly #depth: GPUTexture;
  #bundle: GPURenderBundle | null = null;
  #bundleGeneration = -1;

  constructor(device: ForgeDevice, texture: StreamedTexture) {
    const { gpu } = device;
    this.#device = device;
    this.#texture = texture;
    const cameraLayout = gpu.createBindGroupLayout({
      label: "camera",
      entries: [{ binding: 0, visibility: GPUShaderStage.VERTEX, buffer: {} }],
    });
    const module = gpu.createShaderModule({ label: "ground", code: SHADER });
    this.#pipeline = gpu.createRenderPipeline({
      label: "ground",
      // The layout of a shader that was made with feedback; without, it is layoutWithoutFeedback.
      layout: gpu.createPipelineLayout({
        label: "ground",
        bindGroupLayouts: [cameraLayout, texture.binding.layout],
      }),
      vertex: { module, entryPoint: "place_corner" },
      fragment: { module, entryPoint: "shade", targets: [{ format: COLOR_FORMAT }] },
      depthStencil: { format: DEPTH_FORMAT, depthWriteEnabled: true, depthCompare: "less" },
    });
    this.#uniform = gpu.createBuffer({
      label: "camera",
      size: 64,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#cameraGroup = gpu.createBindGroup({
      label: "camera",
      layout: cameraLayout,
      entries: [{ binding: 0, resource: { buffer: this.#uniform } }],
    });
    const size = [WIDTH, HEIGHT];
    const { RENDER_ATTACHMENT, COPY_SRC } = GPUTextureUsage;
    this.#color = gpu.createTexture({
      label: "color",
      size,
      format: COLOR_FORMAT,
      usage: RENDER_ATTACHMENT | COPY_SRC,
    });
    this.#depth = gpu.createTexture({
      label: "depth",
      size,
      format: DEPTH_FORMAT,
      usage: RENDER_ATTACHMENT,
    });
  }

  /** Records and submits one frame. */
  draw(camera: CameraView): void {
    const { gpu, submits } = this.#device;
    gpu.queue.writeBuffer(this.#uniform, 0, viewProjectionOf(camera));
    const encoder = gpu.createCommandEncoder({ label: "frame" });
    const pass = encoder.beginRenderPass({
      label: "frame",
      colorAttachments: [{
        view: this.#color.createView(),
        clearValue: SKY,
        loadOp: "clear",
        storeOp: "store",
      }],
      depthStencilAttachment: {
        view: this.#depth.createView(),
        depthClearValue: 1,
        depthLoadOp: "clear",
        depthStoreOp: "discard",
      },
    });
    pass.executeBundles([this.#currentBundle()]);
    pass.end();
    submits.submit([encoder.finish()]);
  }

  /**
   * The draw, recorded once. Loading or unloading textures may replace the atlas: the generation
   * then rises, and everything that was made with the old bind group must be made again.
   */
  #currentBundle(): GPURenderBundle {
    const { binding } = this.#texture;
    if (this.#bundle !== null && this.#bundleGeneration === binding.generation) return this.#bundle;
    const encoder = this.#device.gpu.createRenderBundleEncoder({
      label: "ground",
      colorFormats: [COLOR_FORMAT],
      depthStencilFormat: DEPTH_FORMAT,
    });
    encoder.setPipeline(this.#pipeline);
    encoder.setBindGroup(0, this.#cameraGroup);
    encoder.setBindGroup(1, binding.group);
    encoder.draw(6 * CELLS * CELLS);
    this.#bundle = encoder.finish({ label: "ground" });
    this.#bundleGeneration = binding.generation;
    return this.#bundle;
  }

  /** Reads the frame that was drawn last. */
  async read(): Promise<Picture> {
    const { gpu, submits } = this.#device;
    // Rows of 640 pixels are a multiple of 256 bytes, as copies require.
    const bytesPerRow = 4 * WIDTH;
    const buffer = gpu.createBuffer({
      label: "picture",
      size: bytesPerRow * HEIGHT,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const encoder = gpu.createCommandEncoder({ label: "picture" });
    encoder.copyTextureToBuffer({ texture: this.#color }, { buffer, bytesPerRow }, [WIDTH, HEIGHT]);
    submits.submit([encoder.finish()]);
    await buffer.mapAsync(GPUMapMode.READ);
    const pixels = new Uint8Array(buffer.getMappedRange()).slice();
    buffer.destroy();
    return new Picture(WIDTH, HEIGHT, pixels);
  }

  /** Frees what it owns. */
  [Symbol.dispose](): void {
    for (const object of [this.#uniform, this.#color, this.#depth]) object.destroy();
  }
}

/** Projection · view, column-major. */
function viewProjectionOf({ view, projection }: CameraView): Float32Array<ArrayBuffer> {
  const product = new Float32Array(16);
  for (let i = 0; i < 16; i++) {
    const row = i % 4;
    const column = i - row;
    for (let k = 0; k < 4; k++) product[i]! += projection![4 * k + row]! * view![column + k]!;
  }
  return product;
}

/** Stands for a browser's wait for its next frame, during which tiles arrive. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function main(folder: string): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 24 });
  // Updates look at the plane of the placement. The hills rise above it; the feedback of each
  // frame adds the tiles that only the hills show.
  const texture = await system.loadTexture(fieldsSource(), {
    origin: [-1, 1, 0],
    axisU: [2, 0, 0],
    axisV: [0, -2, 0],
  });
  let ground = new GroundRenderer(device, texture);
  // If the device is lost, the pipeline is lost with it; the system makes its own things again.
  system.subscribeRenewal(() => ground = new GroundRenderer(device, texture));
  for (let frame = 0; frame < FRAMES; frame++) {
    const camera = cameraAt(frame / (FRAMES - 1));
    // Lands the tiles that have arrived, requests the missing ones, and returns at once.
    system.updateNow(camera);
    // While a lost device is replaced there is nothing to draw on.
    if (!system.isRenewing) {
      ground.draw(camera);
      // Feedback is read, and new tiles fade in, by the frames that are noted here.
      system.noteRender([WIDTH, HEIGHT]);
    }
    await nextFrame();
  }
  // The last picture is to be complete, so these frames wait for their tiles.
  for (let frame = 0; frame < 8; frame++) {
    await system.update(cameraAt(1));
    ground.draw(cameraAt(1));
    system.noteRender([WIDTH, HEIGHT]);
  }
  const picture = await ground.read();
  ground[Symbol.dispose]();
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(`${folder}/render_loop.png`, await picture.toPng());
  const { tilesLoaded, tilesEvicted, cacheHitRate } = system.getStatistics();
  const { usedMemory } = system.getMemoryInfo();
  console.log(
    `${FRAMES} frames on ${device.name}: ${tilesLoaded} tiles loaded, ${tilesEvicted} evicted, ` +
      `${cacheHitRate.toFixed(1)} % hits, ${(usedMemory / 2 ** 20).toFixed(1)} MiB used`,
  );
  console.log(`Wrote ${folder}/render_loop.png`);
}

await main(Deno.args[0] ?? "out");
