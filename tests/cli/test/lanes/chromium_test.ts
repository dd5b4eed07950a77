import assert from "node:assert/strict";
import {
  CHROMIUM,
  setUpChromium,
  setUpSwiftShader,
  SWIFTSHADER,
} from "../../../../src/cli/test/lanes/chromium.ts";
import { DEBIAN, fakeMachine } from "../../fake_machine.ts";

const INSTALL = "apt-get install -y -qq --no-install-recommends chromium";
const ADAPTER = "SwiftShader Device (Subzero)";

Deno.test("where Chromium exists nothing is installed, and SwiftShader is the only driver", async () => {
  const { host, commands, searches } = fakeMachine({
    files: [CHROMIUM, SWIFTSHADER],
    adapters: [ADAPTER],
  });
  assert.deepEqual(await setUpChromium(host), { environment: {} });
  assert.deepEqual(await setUpSwiftShader(host), {
    environment: {
      DENO_WEBGPU_BACKEND: "vulkan",
      VK_DRIVER_FILES: SWIFTSHADER,
      VK_ICD_FILENAMES: SWIFTSHADER,
    },
  });
  assert.deepEqual(commands, []);
  assert.deepEqual(searches, [true], "a process asks its drivers only once");
});

Deno.test("as root on Debian the package is installed, which is reported", async () => {
  for (const setUp of [setUpChromium, setUpSwiftShader]) {
    const { host, commands, said } = fakeMachine({
      osRelease: DEBIAN,
      installedFiles: [CHROMIUM, SWIFTSHADER],
      adapters: [ADAPTER],
    });
    assert.ok("environment" in await setUp(host));
    assert.deepEqual(commands, [INSTALL]);
    assert.match(said.join("\n"), /installing chromium/);
  }
});

Deno.test("a failed installation is a reason to skip that names the package", async () => {
  const machines = [
    { osRelease: DEBIAN, isRoot: false, reason: /install the package chromium, or run as root/ },
    { osRelease: "ID=fedora\n", reason: /install the package chromium/ },
    { osRelease: DEBIAN, runs: [false, false, false], reason: /chromium.*broken mirror/s },
    { osRelease: DEBIAN, reason: /chromium is installed without/ },
  ];
  for (const { reason, ...machine } of machines) {
    for (const setUp of [setUpChromium, setUpSwiftShader]) {
      const setup = await setUp(fakeMachine({ ...machine, adapters: [ADAPTER] }).host);
      assert.match("skipReason" in setup ? setup.skipReason : "", reason);
    }
  }
});

Deno.test("negative control: another adapter under SwiftShader's name is an error, not a skip", async () => {
  const { host } = fakeMachine({ files: [SWIFTSHADER], adapters: ["llvmpipe (LLVM 15.0.6)"] });
  await assert.rejects(setUpSwiftShader(host), /gives another adapter: llvmpipe/);
});
