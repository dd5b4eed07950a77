/**
 * A runtime virtual texture in a pipeline of this script's own: hills that the script draws sample base
 * colour, normal and roughness by their world position, and report the tiles that they want. A decal
 * wanders over the ground meanwhile. Writes the last frame.
 *
 *     deno run --allow-write=out examples/rvt_own_pipeline.ts [FOLDER]
 *
 * picture: not compared, the test looks for the ground, the decal and the sky in it
 *
 * @module
 */

import {
  type CameraView,
  DecalComponent,
  expressions as e,
  type ForgeDevice,
  gridMesh,
  lookAt,
  Material,
  perspective,
  Picture,
  requestDevice,
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSampling,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
  VirtualTextureSystem,
} from "@forge3d/forge3d";

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 32;
const COLOR_FORMAT = "rgba8unorm-srgb";
const DEPTH_FORMAT = "depth32float";
const SKY = { r: 0.42, g: 0.61, b: 0.83, a: 1 };
/** Edge of the ground in metres, and cells of the script's own mesh along it. */
const EDGE = 64;
const CELLS = 128;

/**
 * The ground and its light. Group 0 is the script's, group 1 the texture's, whose WGSL stands before it: a
 * struct `rvt_Values` with everything that the texture stores, and functions that sample it. Those take
 * derivatives, so they must not be called inside a condition.
 */
const SHADER = /* wgsl */ `
@group(0) @binding(0) var<uniform> view_projection: mat4x4<f32>;

struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) world: vec3<f32>,
}

fn ground_height(at: vec2<f32>) -> f32 {
  return 2.5 * sin(0.15 * at.x) * cos(0.12 * at.y) + 0.6 * sin(0.5 * at.x + 0.3 * at.y);
}

@vertex
fn place_corner(@builtin(vertex_index) index: u32) -> Corner {
  const corners = array(vec2(0, 0), vec2(1, 0), vec2(0, 1), vec2(0, 1), vec2(1, 0), vec2(1, 1));
  let cell = index / 6;
  let column_row = vec2<i32>(vec2(cell % ${CELLS}, cell / ${CELLS})) + corners[index % 6];
  let at = vec2<f32>(column_row) * ${EDGE / CELLS};
  let world = vec3(at, ground_height(at));
  return Corner(view_projection * vec4(world, 1.0), world);
}

@fragment
fn shade(corner: Corner) -> @location(0) vec4<f32> {
  // The last argument: whether the tiles that are wanted here are reported.
  let ground: rvt_Values = rvt_sample_world(corner.world, corner.position.xy, true);
  let step = vec2(1e-2, 0.0);
  let slope = vec2(
    ground_height(corner.world.xy + step.xy) - ground_height(corner.world.xy - step.xy),
    ground_height(corner.world.xy + step.yx) - ground_height(corner.world.xy - step.yx),
  ) / (2.0 * step.x);
  // The texture's normal is that of flat ground: its detail leans with the hills.
  let normal = normalize(vec3(ground.normal.xy / ground.normal.z - slope, 1.0));
  let sun = normalize(vec3(-0.5, 0.4, 0.7));
  let light = 0.2 + 0.8 * max(dot(normal, sun), 0.0) * (1.3 - 0.3 * ground.roughness);
  return vec4(ground.base_color * light, 1.0);
}
`;

/** Draws the ground. Owns its target, depth and uniform. */
class GroundRenderer {
  readonly #device: ForgeDevice;
  readonly #sampling: RuntimeVirtualTextureSampling;
  readonly #textureLayout: GPUBindGroupLayout;
  readonly #pipeline: GPURenderPipeline;
  readonly #uniform: GPUBuffer;
  readonly #cameraGroup: GPUBindGroup;
  readonly #color: GPUTexture;
  readonly #depth: GPUTexture;
  #textureGroup: GPUBindGroup | null = null;
  #generation = -1;

  constructor(device: ForgeDevice, sampling: RuntimeVirtualTextureSampling) {
    const { gpu } = device;
    this.#device = device;
    this.#sampling = sampling;
    const cameraLayout = gpu.createBindGroupLayout({
      label: "camera",
      entries: [{ binding: 0, visibility: GPUShaderStage.VERTEX, buffer: {} }],
    });
    this.#textureLayout = gpu.createBindGroupLayout({
      label: "ground texture",
      entries: sampling.layoutEntries({ feedback: true }),
    });
    const code = sampling.wgsl({ group: 1, feedback: true }) + SHADER;
    const module = gpu.createShaderModule({ label: "ground", code });
    this.#pipeline = gpu.createRenderPipeline({
      label: "ground",
      layout: gpu.createPipelineLayout({
        label: "ground",
        bindGroupLayouts: [cameraLayout, this.#textureLayout],
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
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#cameraGroup);
    pass.setBindGroup(1, this.#currentTextureGroup());
    pass.draw(6 * CELLS * CELLS);
    pass.end();
    submits.submit([encoder.finish()]);
  }

  /** The bind group of the texture: made again when its generation says so. */
  #currentTextureGroup(): GPUBindGroup {
    const { generation } = this.#sampling;
    if (this.#textureGroup === null || this.#generation !== generation) {
      this.#generation = generation;
      this.#textureGroup = this.#device.gpu.createBindGroup({
        label: "ground texture",
        layout: this.#textureLayout,
        entries: this.#sampling.entries({ feedback: true }),
      });
    }
    return this.#textureGroup;
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

/**
 * A pavement of slabs: flat ground, with dark joints between them. A texel is evaluated in its middle, so
 * joints that are narrower than a texel of the level that is rendered are drawn wider, and fainter.
 */
function pavement(): Material {
  const place = e.multiply(e.componentMask(e.worldPosition(), "xy"), 0.5);
  const inSlab = e.fraction(place);
  const toEdge = e.minimum(inSlab, e.oneMinus(inSlab));
  const nearest = e.minimum(e.componentMask(toEdge, "x"), e.componentMask(toEdge, "y"));
  const texel = e.componentMask(e.viewProperty("virtual_texture_output_derivative"), "x");
  const width = e.maximum(0.06, e.multiply(0.5, texel));
  const strength = e.divide(0.06, width);
  const joint = e.oneMinus(e.smoothstep(nearest, { from: 0, to: width }));
  const slab = e.oneMinus(e.multiply(strength, joint));
  const shade = e.noise(e.floor(place), { kind: "value", seed: 5 });
  const grain = e.noise(e.multiply(place, 12), { kind: "gradient", octaves: 3 });
  const stone = e.multiply(
    [0.5, 0.42, 0.33],
    e.add(e.lerp(0.6, 1.1, { alpha: shade }), e.multiply(0.25, grain)),
  );
  return new Material({
    name: "pavement",
    domain: "virtual_texture",
    baseColor: e.lerp([0.05, 0.07, 0.02], stone, { alpha: slab }),
    normal: e.normalize(e.append(e.multiply(0.2, grain), e.multiply(-0.2, grain), 1)),
    roughness: e.lerp(1, 0.6, { alpha: slab }),
  });
}

async function main(folder: string): Promise<void> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 32 });
  await using scene = new RuntimeVirtualTextureScene(system);
  const asset = new RuntimeVirtualTexture({
    name: "ground",
    sizeInTilesLog2: 4,
    tileSize: 128,
    compressionQuality: "medium",
  });
  const middle = EDGE / 2;
  scene.addComponent(
    new StaticMeshComponent({
      name: "pavement",
      material: pavement(),
      mesh: gridMesh({ size: [EDGE, EDGE] }),
      transform: { position: [middle, middle, 0] },
      drawInMainPass: "never",
      renderToVirtualTextures: [asset],
    }),
  );
  const ring = e.multiply(2, e.distance(e.textureCoordinate(), [0.5, 0.5]));
  const target = new DecalComponent({
    name: "target",
    material: new Material({
      name: "target",
      domain: "virtual_texture",
      baseColor: e.lerp([0.75, 0.02, 0.02], [0.9, 0.9, 0.85], {
        alpha: e.step(e.fraction(e.multiply(2.5, ring)), { edge: 0.5 }),
      }),
      roughness: 0.3,
      opacity: e.smoothstep(ring, { from: 1, to: 0.97 }),
    }),
    size: [10, 10],
    transform: { position: [10, 10, 1] },
    translucencySortPriority: 1,
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(target);
  await scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, {
      name: "ground",
      position: [middle, middle, 0],
      scale: [EDGE, EDGE, 16],
    }),
  );

  const position = [middle, -10, 14];
  const camera: CameraView = {
    position,
    view: lookAt(position, [middle, 22, 0], { up: [0, 0, 1] }),
    projection: perspective({ fovYDegrees: 50, aspect: WIDTH / HEIGHT, near: 0.1, far: 500 }),
    viewport: [WIDTH, HEIGHT],
  };
  let ground = new GroundRenderer(device, scene.samplingOf(asset));
  // If the device is lost, the pipeline is lost with it; the system makes its own things again.
  system.subscribeRenewal(() => ground = new GroundRenderer(device, scene.samplingOf(asset)));
  for (let frame = 1; frame <= FRAMES; frame++) {
    const part = frame / FRAMES;
    target.transform = { position: [10 + 16 * part, 10 + 4 * part, 1] };
    // Renders the tiles that the last frames wanted, as many as an update may, and returns at once.
    system.updateNow(camera);
    if (!system.isRenewing) {
      ground.draw(camera);
      // Feedback is read by the frames that are noted here.
      system.noteRender([WIDTH, HEIGHT]);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  // The last picture is to be complete, so these frames wait for their tiles.
  for (let frame = 0; frame < 8; frame++) {
    await system.update(camera);
    ground.draw(camera);
    system.noteRender([WIDTH, HEIGHT]);
  }
  const picture = await ground.read();
  ground[Symbol.dispose]();
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(`${folder}/rvt_own_pipeline.png`, await picture.toPng());
  const { tilesLoaded } = system.getStatistics();
  const { usedMemory } = system.getMemoryInfo();
  console.log(
    `${FRAMES} frames on ${device.name}: ${tilesLoaded} tiles rendered, ` +
      `${(usedMemory / 2 ** 20).toFixed(1)} MiB used`,
  );
  console.log(`Wrote ${folder}/rvt_own_pipeline.png`);
}

await main(Deno.args[0] ?? "out");
