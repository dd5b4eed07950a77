/**
 * A GPU device that does nothing and records its calls, so that command streams and the order of
 * events can be checked without a GPU.
 *
 * @module
 */

import { adoptDevice, type ForgeDevice } from "../../src/gpu/mod.ts";

/** A buffer whose mapping a test finishes. */
export interface FakeBuffer {
  readonly label: string;
  readonly size: number;
  readonly data: ArrayBuffer;
  destroyed: boolean;
  /** Lets a pending `mapAsync` finish; null while none is pending. */
  finishMap: (() => void) | null;
  /** Lets a pending `mapAsync` fail. */
  failMap: ((error: Error) => void) | null;
}

/** Record of a fake device. */
export interface FakeDevice {
  readonly device: ForgeDevice;
  readonly log: string[];
  readonly buffers: FakeBuffer[];
  /** Lets every pending `onSubmittedWorkDone` finish. */
  finishWork(): void;
  /** Raises an uncaptured error. */
  raise(message: string): void;
}

/** Makes a fake device. */
export function fakeDevice(): FakeDevice {
  const log: string[] = [];
  const buffers: FakeBuffer[] = [];
  let working: (() => void)[] = [];
  const events = new EventTarget();

  function createBuffer(descriptor: GPUBufferDescriptor): unknown {
    const data = new ArrayBuffer(descriptor.size);
    const buffer: FakeBuffer & Record<string, unknown> = {
      label: descriptor.label ?? "",
      size: descriptor.size,
      data,
      destroyed: false,
      finishMap: null,
      failMap: null,
      mapAsync: () =>
        new Promise<void>((resolve, reject) => {
          buffer.finishMap = resolve;
          buffer.failMap = reject;
        }),
      getMappedRange: (offset = 0, size = descriptor.size - offset) =>
        data.slice(offset, offset + size),
      unmap: () => log.push(`unmap ${buffer.label}`),
      destroy: () => {
        buffer.destroyed = true;
        log.push(`destroy ${buffer.label}`);
      },
    };
    buffers.push(buffer);
    return buffer;
  }

  function createTexture(descriptor: GPUTextureDescriptor): unknown {
    return {
      label: descriptor.label,
      createView: () => ({ label: descriptor.label }),
      destroy: () => log.push(`destroy ${descriptor.label}`),
    };
  }

  function createCommandEncoder(): unknown {
    return {
      clearBuffer: (buffer: FakeBuffer) => log.push(`clear ${buffer.label}`),
      copyBufferToBuffer: (from: FakeBuffer, _a: number, to: FakeBuffer) =>
        log.push(`copy ${from.label} to ${to.label}`),
      copyBufferToTexture: (
        from: { buffer: FakeBuffer; offset: number; bytesPerRow: number },
        to: { texture: { label: string }; origin: number[] },
      ) =>
        log.push(
          `upload ${from.offset} by ${from.bytesPerRow} to ${to.texture.label} at ${to.origin}`,
        ),
      beginRenderPass: (
        { label, colorAttachments }: {
          label: string;
          colorAttachments: { loadOp: string; clearValue: number[] }[];
        },
      ) => {
        const [target] = colorAttachments;
        log.push(`pass ${label}: ${target!.loadOp} ${target!.clearValue[0]}`);
        return { end: () => log.push("end") };
      },
      beginComputePass: ({ label }: { label: string }) => {
        log.push(`pass ${label}`);
        return {
          setPipeline: () => {},
          setBindGroup: (_index: number, _group: unknown, offsets: number[] = []) =>
            log.push(`bind ${offsets}`),
          dispatchWorkgroups: (x: number, y = 1) => log.push(`dispatch ${x}x${y}`),
          end: () => log.push("end"),
        };
      },
      finish: () => ({}),
    };
  }

  const gpu = {
    label: "fake",
    adapterInfo: { description: "fake adapter" },
    features: new Set(["texture-compression-bc"]),
    limits: {
      maxTextureDimension2D: 8192,
      maxTextureArrayLayers: 256,
      maxBufferSize: 2 ** 28,
      minUniformBufferOffsetAlignment: 256,
    },
    lost: new Promise(() => {}),
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    destroy: () => log.push("destroy device"),
    pushErrorScope: () => {},
    popErrorScope: () => Promise.resolve(null),
    createBuffer,
    createTexture,
    createCommandEncoder,
    createBindGroup: () => ({}),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipeline: () => ({ getBindGroupLayout: () => ({}) }),
    queue: {
      submit: (commands: unknown[]) => log.push(`submit ${commands.length}`),
      writeBuffer: (
        buffer: FakeBuffer,
        offset: number,
        _data: unknown,
        _start: number,
        size: number,
      ) => log.push(`write ${buffer.label} at ${offset}: ${size}`),
      onSubmittedWorkDone: () => new Promise<void>((resolve) => working.push(resolve)),
    },
  };
  return {
    device: adoptDevice(gpu as unknown as GPUDevice),
    log,
    buffers,
    finishWork() {
      const done = working;
      working = [];
      for (const resolve of done) resolve();
    },
    raise(message) {
      const event = new Event("uncapturederror", { cancelable: true });
      events.dispatchEvent(Object.assign(event, { error: { message } }));
    },
  };
}
