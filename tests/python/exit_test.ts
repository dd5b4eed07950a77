import assert from "node:assert/strict";
import { runPy } from "./run_py.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

const SETUP = `
import asyncio, sys
def leave():
    sys.exit(3)
async def in_a_coroutine():
    await asyncio.sleep(0)
    leave()
async def in_a_task():
    await asyncio.gather(asyncio.ensure_future(in_a_coroutine()))
async def in_a_task_of_nobody():
    task = asyncio.ensure_future(in_a_coroutine())
    await asyncio.sleep(60)
def caught(work):
    try:
        asyncio.run(work())
    except SystemExit as error:
        print(work.__name__, error.code)
`;

Deno.test("sys.exit ends a program with its code, in a coroutine and in tasks too", async () => {
  const works = ["in_a_coroutine", "in_a_task", "in_a_task_of_nobody"];
  await withFolder(async (folder) => {
    const all = works.map((work) => `caught(${work})`).join("\n");
    const code = `${SETUP}\n${all}\nasyncio.run(${works[1]}())\nprint("after")`;
    const { code: status, stdout, stderr } = await runPy(["-c", code], { folder });
    const told = works.map((work) => `${work} 3\n`).join("");
    assert.deepEqual([status, stdout, stderr], [3, told, ""]);
  });
});
