import assert from "node:assert/strict";
import { DeviceError, DisposedError } from "../../../src/errors.ts";
import { isOpenGlAdapter, linuxRemedy } from "../../../src/gpu/device/adapter.ts";
import { adoptDevice, requestDevice } from "../../../src/gpu/mod.ts";

Deno.test("a device has the adapter's features and limits, and is destroyed at the end of its scope", async () => {
  using device = await requestDevice({ label: "mine" });
  assert.equal(device.gpu.label, "mine");
  assert.ok(device.name.length > 0);
  assert.ok(device.backend.length > 0);
  assert.ok(device.limit("maxTextureDimension2D") >= 8192);
  assert.ok(device.supports("rgba8unorm"));
  assert.equal(
    device.supports("bc7-rgba-unorm"),
    device.features.has("texture-compression-bc"),
  );
  device.assertAlive();
});

Deno.test("a closed device refuses every call, and may be closed twice", async () => {
  const device = await requestDevice();
  device.close();
  device.close();
  assert.throws(() => device.assertAlive(), DisposedError);
  assert.throws(() => device.submits.submit([]), DisposedError);
});

Deno.test("a lost device fails every check instead of doing nothing", async () => {
  const owner = await requestDevice();
  using device = adoptDevice(owner.gpu);
  owner.gpu.destroy();
  await device.health.lost;
  for (let attempt = 0; attempt < 2; attempt++) {
    assert.throws(
      () => device.submits.submit([]),
      (error) => error instanceof DeviceError && error.code === "device-failed",
    );
  }
  assert.equal(device.submits.lastSubmitted, 0);
  owner.close();
});

/** Makes an invalid buffer. */
function makeNonsense(gpu: GPUDevice): GPUBuffer {
  return gpu.createBuffer({ label: "nonsense", size: 16, usage: 0xffff_0000 });
}

Deno.test("an application's own error reaches its listener, and is not ours", async () => {
  using device = await requestDevice();
  let heard = 0;
  device.gpu.addEventListener("uncapturederror", (event) => {
    assert.ok(!event.defaultPrevented, "nobody has taken it before");
    heard++;
  });
  makeNonsense(device.gpu);
  const guarded = device.guard("nothing", () => 5);
  makeNonsense(device.gpu);
  assert.deepEqual([guarded.value, await guarded.error], [5, null]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(heard, 2);
  assert.equal(device.health.uncapturedErrorCount, 2);
  device.assertAlive();
  device.submits.submit([]);
});

Deno.test("an error of guarded work is found, named and reaches no other listener", async () => {
  using device = await requestDevice();
  const { error } = device.guard("the buffer", () => makeNonsense(device.gpu));
  const failure = await error;
  assert.ok(failure instanceof DeviceError && failure.code === "device-failed");
  assert.match(failure.message, /Cannot finish the buffer on the GPU: .*usage/i);
  await assert.rejects(device.guardAndWait("it", () => makeNonsense(device.gpu)), DeviceError);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(device.health.uncapturedErrorCount, 0);
});

Deno.test("guarded work that throws leaves the application's error scopes as they were", async () => {
  using device = await requestDevice();
  device.gpu.pushErrorScope("validation");
  const work = () => {
    makeNonsense(device.gpu);
    throw new Error("in the middle");
  };
  assert.throws(() => device.guard("it", work), /in the middle/);
  makeNonsense(device.gpu);
  assert.match((await device.gpu.popErrorScope())!.message, /usage/i);
  await assert.rejects(device.gpu.popErrorScope());
});

Deno.test("waiting ends when the device is lost, and later failures are ignored", async () => {
  const owner = await requestDevice();
  using device = adoptDevice(owner.gpu);
  const { promise, reject } = Promise.withResolvers<void>();
  const waiting = assert.rejects(device.health.unlessLost(promise), DeviceError);
  let heard = 0;
  const stop = device.health.subscribeLoss(() => heard++);
  device.health.subscribeLoss(() => heard++)();
  owner.gpu.destroy();
  await waiting;
  reject(new Error("too late"));
  stop();
  assert.equal(heard, 1);
  device.health.subscribeLoss(() => heard++);
  assert.equal(heard, 2, "at once if it was lost before");
  owner.close();
});

Deno.test("an adopted device is not destroyed when its adopter is closed", async () => {
  using owner = await requestDevice({ label: "owner" });
  const borrowed = adoptDevice(owner.gpu);
  assert.equal(borrowed.label, "owner");
  borrowed.close();
  const serial = owner.submits.submit([owner.gpu.createCommandEncoder().finish()]);
  await owner.submits.wait(serial);
  owner.assertAlive();
});

Deno.test("without a driver the message names the package for the operating system", () => {
  assert.match(linuxRemedy('ID=debian\nVERSION_ID="12"\n'), /apt-get install mesa-vulkan-drivers/);
  assert.match(linuxRemedy("NAME=Mint\nID=linuxmint\nID_LIKE=ubuntu\n"), /apt-get/);
  assert.match(linuxRemedy('ID="fedora"\n'), /dnf install mesa-vulkan-drivers/);
  assert.match(linuxRemedy('ID="rocky"\nID_LIKE="rhel centos fedora"\n'), /dnf/);
  assert.match(linuxRemedy("ID=manjaro\nID_LIKE=arch\n"), /vulkan-swrast/);
  assert.match(linuxRemedy('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'), /zypper/);
  assert.match(linuxRemedy(""), /mesa-vulkan-drivers .* or vulkan-swrast/);
  assert.match(linuxRemedy("VERSION_ID=debian\n"), /or vulkan-swrast/);
});

Deno.test("the OpenGL fallback is distinguished from a Vulkan adapter of the same name", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  assert.ok(adapter !== null);
  assert.equal(isOpenGlAdapter(adapter), false);
  const openGl = {
    features: new Set(["texture-compression-bc", "texture-compression-astc"]),
    limits: { maxBindingsPerBindGroup: 0xffff_ffff },
  } as unknown as GPUAdapter;
  assert.equal(isOpenGlAdapter(openGl), true);
});

Deno.test("a process without a Vulkan driver is told what to install", async () => {
  const program = `
    import { requestDevice } from "${new URL("../../../src/gpu/mod.ts", import.meta.url)}";
    try { await requestDevice(); console.log("made"); }
    catch (error) { console.log(error.code + ": " + error.message); }`;
  // With every permission the backend is chosen; with none the OpenGL adapter must be recognised.
  for (const permissions of ["--allow-all", "--no-prompt"]) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", permissions, "-"],
      env: { VK_ICD_FILENAMES: "/nowhere", VK_DRIVER_FILES: "/nowhere" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(program));
    await writer.close();
    const { stdout } = await child.output();
    assert.match(
      new TextDecoder().decode(stdout),
      /^no-adapter: .*(mesa-vulkan|vulkan-swrast|libvulkan_lvp)/,
    );
  }
});
