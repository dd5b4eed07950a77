import assert from "node:assert/strict";
import { withFolder } from "../helpers/temporary_folder.ts";
import { interrupted } from "./interrupted.ts";

Deno.test("Ctrl-C reaches a program in every kind of wait", async () => {
  const waits = [
    // Short waits one after another: the signal comes in a callback of the loop as often as not.
    "async def work():\n  for _ in range(20): await asyncio.sleep(0)\nwhile True: run_sync(work())",
    "while True: time.sleep(0.001)",
    "async def work():\n  while True: await asyncio.sleep(0)\nasyncio.run(work())",
    "async def work():\n  while True: time.sleep(0.001)\nasyncio.run(work())",
    "asyncio.run(asyncio.sleep(60))",
  ];
  await withFolder(async (folder) => {
    for (const wait of waits) {
      const code = `import asyncio, time\nfrom pyodide.ffi import run_sync
def main():\n  print('on')\n  ${wait.replaceAll("\n", "\n  ")}
try: main()
except KeyboardInterrupt: time.sleep(0.01); print('caught'); raise SystemExit(9)
finally: print('off')`;
      const { code: status, stdout, stderr } = await interrupted(code, folder);
      assert.deepEqual([status, stdout, stderr], [9, "on\ncaught\noff\n", ""], wait);
    }
  });
});

Deno.test("Ctrl-C in a callback whose exceptions are ignored reaches the program", async () => {
  const code = `import weakref
class Short: pass
def gone(_): sum(range(50))
print('on')
while True: reference = weakref.ref(Short(), gone)`;
  await withFolder(async (folder) => {
    const { code: status, stdout, stderr } = await interrupted(code, folder);
    assert.deepEqual([status, stdout], [130, "on\n"], stderr);
    assert.match(stderr, /^Traceback[^]*line 5, in <module>[^]*\nKeyboardInterrupt\n$/);
    assert.doesNotMatch(stderr, /ignored/);
  });
});

Deno.test("Ctrl-C during an import shows the program's frames and none of the module's", async () => {
  const code = `import sys
print('on')
while True:
  for name in [name for name in sys.modules if name.startswith('forge3d')]: del sys.modules[name]
  import forge3d`;
  await withFolder(async (folder) => {
    for (let run = 0; run < 4; run++) {
      const { code: status, stdout, stderr } = await interrupted(code, folder);
      assert.deepEqual([status, stdout], [130, "on\n"], stderr);
      assert.match(stderr, /^Traceback[^]*\nKeyboardInterrupt\n$/);
      assert.deepEqual(stderr.match(/File "[^"]*"/g), ['File "<string>"']);
    }
  });
});
