import assert from "node:assert/strict";
import { callFilter } from "../../../src/cli/confinement/call_filter.ts";
import { type Architecture, deniedCalls } from "../../../src/cli/confinement/denied_calls.ts";
import { runFilter } from "./filter_machine.ts";

const CONVENTIONS = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const;
const ARCHITECTURES = ["x86_64", "aarch64"] as const;
const PID = 4321;
const ALLOWED = 0x7fff0000;
const DENIED = 0x00050001;
/** The kernel takes no longer program. */
const MOST_INSTRUCTIONS = 4096;

function answer(
  architecture: Architecture,
  number: number,
  { args = [], reachesHosts = false }: { args?: bigint[]; reachesHosts?: boolean } = {},
): number {
  const program = callFilter(deniedCalls({ reachesHosts, pid: PID }), architecture);
  assert.ok(program.byteLength / 8 <= MOST_INSTRUCTIONS);
  return runFilter(program, {
    number,
    convention: CONVENTIONS[architecture],
    arguments: args,
  });
}

Deno.test("every denied call fails with EPERM, and every other number is allowed", () => {
  for (const architecture of ARCHITECTURES) {
    const denied = deniedCalls({ reachesHosts: false, pid: PID });
    const always = new Set(denied.filter(({ only }) => !only).map((call) => call[architecture]));
    const sometimes = new Set(denied.filter(({ only }) => only).map((call) => call[architecture]));
    assert.ok(always.size > 30);
    for (let number = 0; number < 600; number++) {
      if (sometimes.has(number)) continue;
      const wanted = always.has(number) ? DENIED : ALLOWED;
      assert.equal(answer(architecture, number), wanted, `${architecture} ${number}`);
    }
  }
});

Deno.test("calls that depend on an argument are denied for its values alone", () => {
  const utimensat = { x86_64: 280, aarch64: 88 } as const;
  const ioctl = { x86_64: 16, aarch64: 29 } as const;
  const socket = { x86_64: 41, aarch64: 198 } as const;
  for (const architecture of ARCHITECTURES) {
    const of = (number: number, first: bigint, second: bigint, reachesHosts = false) =>
      answer(architecture, number, { args: [first, second], reachesHosts });
    assert.equal(of(utimensat[architecture], 7n, 0n), DENIED, "no path");
    assert.equal(of(utimensat[architecture], 7n, 0x7f00_0000_0010n), ALLOWED, "a path");
    assert.equal(of(utimensat[architecture], 7n, 0x7f00_0000_0000n), ALLOWED, "low word is zero");
    assert.equal(of(ioctl[architecture], 0n, 0x5412n), DENIED, "typing into the terminal");
    assert.equal(of(ioctl[architecture], 0n, 0xff_0000_5412n), DENIED, "the kernel takes 32 bits");
    assert.equal(of(ioctl[architecture], 0n, 0x5413n), ALLOWED, "its size");
    for (const family of [1n, 17n]) {
      assert.equal(of(socket[architecture], family, 0n, true), DENIED, `family ${family}`);
    }
    for (const family of [2n, 10n]) {
      assert.equal(of(socket[architecture], family, 0n, true), ALLOWED, `family ${family}`);
      assert.equal(of(socket[architecture], family, 0n), DENIED, `family ${family}`);
    }
  }
});

Deno.test("no mode lets a file run with the rights of its owner", () => {
  const calls = [
    ["x86_64", 90, 1],
    ["x86_64", 268, 2],
    ["x86_64", 85, 1],
    ["x86_64", 2, 2],
    ["x86_64", 257, 3],
    ["aarch64", 53, 2],
    ["aarch64", 56, 3],
  ] as const;
  for (const [architecture, number, argument] of calls) {
    const of = (mode: number) => {
      const args = Array(6).fill(0n);
      args[argument] = BigInt(mode);
      return answer(architecture, number, { args });
    };
    for (const mode of [0, 0o666, 0o777, 0o1777]) assert.equal(of(mode), ALLOWED, `${mode}`);
    for (const mode of [0o4755, 0o2755, 0o6000]) assert.equal(of(mode), DENIED, `${mode}`);
  }
});

Deno.test("signals go to threads of the process alone", () => {
  for (const [architecture, number] of [["x86_64", 234], ["aarch64", 131]] as const) {
    for (const [pid, wanted] of [[PID, ALLOWED], [PID + 1, DENIED], [1, DENIED]] as const) {
      assert.equal(answer(architecture, number, { args: [BigInt(pid), 7n, 15n] }), wanted);
    }
  }
});

Deno.test("calls by another convention are denied, whatever their number", () => {
  const denied = deniedCalls({ reachesHosts: false, pid: PID });
  const program = callFilter(denied, "x86_64");
  const number = 0; // read
  assert.equal(runFilter(program, { number, convention: CONVENTIONS.x86_64 }), ALLOWED);
  assert.equal(runFilter(program, { number, convention: 0x40000003 }), DENIED, "32 bits");
  const x32 = { number: 0x40000000 | number, convention: CONVENTIONS.x86_64 };
  assert.equal(runFilter(program, x32), DENIED, "x32");
  const other = callFilter(denied, "aarch64");
  assert.equal(runFilter(other, { number, convention: CONVENTIONS.x86_64 }), DENIED);
});
