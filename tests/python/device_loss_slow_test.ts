import { runPythonTests } from "./python_tests.ts";

const { requestDevice } = GPUAdapter.prototype;
const devices: GPUDevice[] = [];
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args);
  devices.push(device);
  return device;
};
Object.assign(globalThis, {
  loseForge3dDevice: () => devices.at(-1)!.destroy(),
  requestedForge3dDevices: () => devices.length,
});

runPythonTests("a script goes on when the device is lost", ["test_device_loss.py"]);
