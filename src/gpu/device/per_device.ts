/**
 * GPU objects that are made once per device and shared, such as pipelines.
 *
 * @module
 */

import { guardWork } from "./guarded_work.ts";

/**
 * Wraps a function so that it runs once per device; what it made lives as long as the device. What
 * the device reports as faulty is forgotten, so that the next call makes it again.
 */
export function oncePerDevice<T>(create: (gpu: GPUDevice) => T): (gpu: GPUDevice) => T {
  const made = oncePerKey<T>();
  return (gpu) => made(gpu, "", () => create(gpu));
}

/** As {@linkcode oncePerDevice}, once per device and key. */
export function oncePerKey<T>(): (gpu: GPUDevice, key: string, create: () => T) => T {
  const byDevice = new WeakMap<GPUDevice, Map<string, { readonly value: T }>>();
  return (gpu, key, create) => {
    let made = byDevice.get(gpu);
    if (made === undefined) byDevice.set(gpu, made = new Map());
    const found = made.get(key);
    if (found !== undefined) return found.value;
    // Work that uses a faulty object gets an error in its own scope.
    const { value, error } = guardWork(gpu, `making ${key || "shared objects"}`, create);
    const entry = { value };
    made.set(key, entry);
    const kept = made;
    void error.then((failure) => {
      if (failure !== null && kept.get(key) === entry) kept.delete(key);
    });
    return value;
  };
}

/** As {@linkcode oncePerKey}, once for each owner too: what was made lives no longer than its owner. */
export function oncePerOwner<T>(): (
  gpu: GPUDevice,
  made: { readonly owner: object; readonly key: string },
  create: () => T,
) => T {
  const byOwner = new WeakMap<object, ReturnType<typeof oncePerKey<T>>>();
  return (gpu, { owner, key }, create) => {
    let ofOwner = byOwner.get(owner);
    if (ofOwner === undefined) byOwner.set(owner, ofOwner = oncePerKey<T>());
    return ofOwner(gpu, key, create);
  };
}
