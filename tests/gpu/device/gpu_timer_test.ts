import assert from "node:assert/strict";
import { type ForgeDevice, GpuTimer, MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";

/** A pass that takes a while: so many rounds for each of its threads. */
function heavyWork(device: ForgeDevice): (encoder: GPUCommandEncoder, groups: number) => void {
  const { gpu } = device;
  const pipeline = gpu.createComputePipeline({
    layout: "auto",
    compute: {
      module: gpu.createShaderModule({
        code: `@group(0) @binding(0) var<storage, read_write> sums: array<u32>;
          @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
            var sum = id.x;
            for (var i = 0u; i < 2000u; i++) { sum = sum * 1664525u + 1013904223u; }
            sums[id.x % 64u] = sum;
          }`,
      }),
    },
  });
  const buffer = gpu.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE });
  const group = gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  return (encoder, groups) => {
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    pass.end();
  };
}

async function arrived(timer: GpuTimer) {
  timer.startReadback();
  for (let turn = 0; turn < 500; turn++) {
    const result = timer.takeResult();
    if (result !== null) return result;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error("no measurement has come");
}

Deno.test("a timer measures what lies between its stamps, and counts what was done", async () => {
  using device = await requestDevice();
  if (!GpuTimer.isSupported(device)) {
    console.info("not tried, as the device has no timestamps");
    return;
  }
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const timer = new GpuTimer(device, ledger);
  const work = heavyWork(device);
  const times: number[] = [];
  for (const groups of [64, 64, 2048]) {
    const encoder = device.gpu.createCommandEncoder();
    timer.recordStart(encoder);
    work(encoder, groups);
    timer.recordEnd(encoder, groups);
    device.submits.submit([encoder.finish()]);
    const { ms, units } = await arrived(timer);
    assert.equal(units, groups);
    times.push(ms);
  }
  assert.ok(times[2]! > 4 * times[1]!, `32 times the work takes ${times[2]} ms, not ${times[1]}`);
  timer.destroy();
  await device.submits.wait();
  assert.equal(ledger.usedBytes, 0);
});

Deno.test("while a measurement is on its way no other begins, and dropped ones are forgotten", async () => {
  using device = await requestDevice();
  if (!GpuTimer.isSupported(device)) {
    console.info("not tried, as the device has no timestamps");
    return;
  }
  const timer = new GpuTimer(device, new MemoryLedger(device.submits, 2 ** 20));
  const record = (units: number) => {
    const encoder = device.gpu.createCommandEncoder();
    timer.recordStart(encoder);
    timer.recordEnd(encoder, units);
    return encoder;
  };
  record(1);
  device.submits.dropRecorded();
  assert.equal(timer.hasSubmitted, false);
  timer.recordStart(device.gpu.createCommandEncoder());
  timer.cancel();
  const commands = [record(2).finish()];
  device.submits.submit(commands);
  assert.ok(timer.hasSubmitted);
  device.submits.submit([record(3).finish()]);
  const { units } = await arrived(timer);
  assert.equal(units, 2, "the third found the second on its way");
  assert.equal(timer.takeResult(), null);
  timer.destroy();
});
