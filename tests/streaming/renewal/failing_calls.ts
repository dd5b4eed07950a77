/**
 * Devices whose calls fail from some number on.
 *
 * @module
 */

import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";

// deno-lint-ignore no-explicit-any -- methods of WebGPU objects are replaced by name
type Replaceable = any;

const CALLS = ["createBuffer", "createTexture", "createBindGroup", "writeBuffer"] as const;

/** How many calls of each device fail, and from which on. */
export interface FailingCalls {
  first: number;
  count: number;
  /** Calls of the newest device. */
  made: number;
}

/** A device whose successors fail at some calls: these throw, or make invalid objects. */
export async function failingDevice(
  failing: FailingCalls,
): Promise<{ device: ForgeDevice; end(): void }> {
  const owners = [await requestDevice()];
  const device = adoptDevice(owners[0]!.gpu, {
    deviceProvider: async () => {
      const owner = await requestDevice();
      owners.push(owner);
      failing.made = 0;
      spoil(owner.gpu, failing);
      return owner.gpu;
    },
  });
  return {
    device,
    end() {
      device.close();
      for (const owner of owners) owner.close();
    },
  };
}

function spoil(gpu: GPUDevice, failing: FailingCalls): void {
  for (const name of CALLS) {
    const object: Replaceable = name === "writeBuffer" ? gpu.queue : gpu;
    const original = object[name].bind(object);
    object[name] = (...args: unknown[]) => {
      const call = failing.made++;
      if (call >= failing.first && call < failing.first + failing.count) {
        throw new TypeError(`${name} failed on purpose`);
      }
      return original(...args);
    };
  }
}

/** A device whose successors submit nothing but empty lists, until that is over. */
export interface SubmitlessDevice {
  readonly device: ForgeDevice;
  /** From now on, whatever is submitted succeeds. */
  recover(): void;
  end(): void;
}

/** Makes a device whose successors throw at each submit that holds commands. */
export async function submitlessDevice(): Promise<SubmitlessDevice> {
  const owners = [await requestDevice()];
  let isFailing = true;
  const device = adoptDevice(owners[0]!.gpu, {
    deviceProvider: async () => {
      const owner = await requestDevice();
      owners.push(owner);
      const { queue } = owner.gpu;
      const submit = queue.submit.bind(queue);
      queue.submit = (commands) => {
        if (isFailing && [...commands].length > 0) throw new TypeError("submit failed on purpose");
        submit(commands);
      };
      return owner.gpu;
    },
  });
  return {
    device,
    recover() {
      isFailing = false;
    },
    end() {
      device.close();
      for (const owner of owners) owner.close();
    },
  };
}
