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
