import assert from "node:assert/strict";
import { setUpAdapter } from "../../src/cli/setup.ts";
import { DEBIAN, fakeMachine } from "./fake_machine.ts";

const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const INSTALL = "apt-get install -y -qq --no-install-recommends mesa-vulkan-drivers";

Deno.test("with an adapter nothing is run and nothing is printed", async () => {
  const { host, commands, said } = fakeMachine({ osRelease: DEBIAN, adapters: ["A GPU"] });
  assert.deepEqual(await setUpAdapter(host), { adapter: "A GPU" });
  assert.deepEqual([commands, said], [[], []]);
});

Deno.test("as root on Debian and systems made from it the driver is installed and the adapter is looked for again", async () => {
  for (const osRelease of [DEBIAN, MINT]) {
    const { host, commands, said, searches } = fakeMachine({
      osRelease,
      adapters: [undefined, "llvmpipe"],
    });
    assert.deepEqual(await setUpAdapter(host), {
      adapter: "llvmpipe",
      installed: "mesa-vulkan-drivers",
    });
    assert.deepEqual(commands, [INSTALL]);
    assert.deepEqual(searches, [false, true]);
    assert.match(said.join("\n"), /installing mesa-vulkan-drivers/);
  }
});

Deno.test("the list of packages is fetched when the package is not known yet", async () => {
  const { host, commands } = fakeMachine({
    osRelease: DEBIAN,
    adapters: [undefined, "llvmpipe"],
    runs: [false, true, true],
  });
  await setUpAdapter(host);
  assert.deepEqual(commands, [INSTALL, "apt-get update -qq", INSTALL]);
});

Deno.test("without root, and on other systems, the error names the package", async () => {
  const fedora = "ID=fedora\n";
  for (const machine of [{ osRelease: DEBIAN, isRoot: false }, { osRelease: fedora }, {}]) {
    const { host, commands } = fakeMachine({ ...machine, adapters: [undefined] });
    await assert.rejects(setUpAdapter(host), /install the package/);
    assert.deepEqual(commands, []);
  }
});

Deno.test("an installation that fails reports apt-get's output", async () => {
  const { host } = fakeMachine({
    osRelease: DEBIAN,
    adapters: [undefined],
    runs: [false, false, false],
  });
  await assert.rejects(setUpAdapter(host), /Cannot install mesa-vulkan-drivers.*broken mirror/s);
});

Deno.test("an installed driver that gives no adapter is an error of its own", async () => {
  const { host } = fakeMachine({ osRelease: DEBIAN, adapters: [undefined] });
  await assert.rejects(setUpAdapter(host), /although mesa-vulkan-drivers is installed.*VK_DRIVER/);
});

Deno.test("an error that is not about the adapter is passed on", async () => {
  const { host, commands } = fakeMachine({ osRelease: DEBIAN, adapters: ["x"] });
  const broken = { ...host, findAdapter: () => Promise.reject(new TypeError("boom")) };
  await assert.rejects(setUpAdapter(broken), /boom/);
  assert.deepEqual(commands, []);
});
