/**
 * GPU objects that are made once per device and shared, such as pipelines.
 *
 * @module
 */

/**
 * Wraps a function so that it runs once per device; what it made lives as long as the device.
 */
export function oncePerDevice<T>(create: (gpu: GPUDevice) => T): (gpu: GPUDevice) => T {
  const made = new WeakMap<GPUDevice, { value: T }>();
  return (gpu) => {
    let found = made.get(gpu);
    if (found === undefined) {
      found = { value: create(gpu) };
      made.set(gpu, found);
    }
    return found.value;
  };
}
