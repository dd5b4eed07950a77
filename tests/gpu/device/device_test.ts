import assert from "node:assert/strict";
import { DeviceError, DisposedError } from "../../../src/errors.ts";
import { isOpenGlAdapter, linuxRemedy } from "../../../src/gpu/device/adapter.ts";
import { adoptDevice, requestDevice } from "../../../src/gpu/mod.ts";

Deno.test("a device has the adapter's features and limits, and frees itself", async () => {
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

Deno.test("a closed device refuses to go on, and closing twice is fine", async () => {
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

Deno.test("an uncaptured error fails the next check, once, with its message", async () => {
  using device = await requestDevice();
  device.gpu.createBuffer({ label: "nonsense", size: 16, usage: 0xffff_0000 });
  await device.submits.wait();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(device.health.uncapturedErrorCount, 1);
  assert.throws(() => device.assertAlive(), /earlier call failed: .*usage/i);
  device.assertAlive();
});

Deno.test("an adopted device is not destroyed with its adopter", async () => {
  using owner = await requestDevice({ label: "owner" });
  const borrowed = adoptDevice(owner.gpu);
  assert.equal(borrowed.label, "owner");
  borrowed.close();
  const serial = owner.submits.submit([owner.gpu.createCommandEncoder().finish()]);
  await owner.submits.wait(serial);
  owner.assertAlive();
});

Deno.test("without a driver the message names the package of the system at hand", () => {
  assert.match(linuxRemedy('ID=debian\nVERSION_ID="12"\n'), /apt-get install mesa-vulkan-drivers/);
  assert.match(linuxRemedy("NAME=Mint\nID=linuxmint\nID_LIKE=ubuntu\n"), /apt-get/);
  assert.match(linuxRemedy('ID="fedora"\n'), /dnf install mesa-vulkan-drivers/);
  assert.match(linuxRemedy('ID="rocky"\nID_LIKE="rhel centos fedora"\n'), /dnf/);
  assert.match(linuxRemedy("ID=manjaro\nID_LIKE=arch\n"), /vulkan-swrast/);
  assert.match(linuxRemedy('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'), /zypper/);
  assert.match(linuxRemedy(""), /mesa-vulkan-drivers .* or vulkan-swrast/);
  assert.match(linuxRemedy("VERSION_ID=debian\n"), /or vulkan-swrast/);
});

Deno.test("the OpenGL fallback is told from a Vulkan adapter of the same name", async () => {
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
