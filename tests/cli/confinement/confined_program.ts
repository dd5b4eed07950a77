/**
 * Tries system calls that a filter denies, with every right that Deno gives; prints which work.
 * Arguments: a folder to work in, and `filter` or `none`.
 */

import { chownSync, fchmodSync, fchownSync, futimesSync, openSync } from "node:fs";
import { deniedCalls } from "../../../src/cli/confinement/denied_calls.ts";
import { filterSystemCalls } from "../../../src/cli/confinement/filter_calls.ts";

const [folder = "", mode = ""] = Deno.args;
const path = `${folder}/file`;
Deno.writeTextFileSync(path, "x");
const { symbols } = Deno.dlopen("libc.so.6", {
  mkfifo: { parameters: ["buffer", "u32"], result: "i32" },
  syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
  ptrace: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
});
if (mode === "filter") {
  const reason = filterSystemCalls(deniedCalls({ reachesHosts: false, pid: Deno.pid }));
  if (reason !== null) throw new Error(reason);
}

const TGKILL = Deno.build.arch === "x86_64" ? 234n : 131n;

const text = (value: string) => new TextEncoder().encode(`${value}\0`);
const file = () => openSync(path, "r");
function check(result: unknown): void {
  if (Number(result) !== 0) throw new Error("failed");
}

const ATTEMPTS: Record<string, () => unknown> = {
  "symbolic link": () => Deno.symlinkSync(path, `${folder}/soft`),
  "symbolic link in another thread": () => Deno.symlink(path, `${folder}/soft2`),
  "hard link": () => Deno.linkSync(path, `${folder}/hard`),
  "named pipe": () => check(symbols.mkfifo(text(`${folder}/pipe`), 0o600)),
  "mode of an open file": () => fchmodSync(file(), 0o600),
  "owner of an open file": () => fchownSync(file(), Deno.uid()!, Deno.gid()!),
  "times of an open file": () => futimesSync(file(), 1, 1),
  "a mode that borrows rights": () => Deno.chmodSync(path, 0o4700),
  "a new file that borrows rights": () => {
    Deno.writeTextFileSync(`${folder}/borrows`, "", { mode: 0o4700 });
    if ((Deno.statSync(`${folder}/borrows`).mode! & 0o4000) === 0) throw new Error("no");
  },
  "a program": () => new Deno.Command("true").outputSync(),
  "a signal": () => Deno.kill(Deno.ppid, "SIGCONT"),
  "a signal to a thread": () =>
    check(symbols.syscall(TGKILL, BigInt(Deno.ppid), BigInt(Deno.ppid), 0n)),
  "a socket": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  "a socket of the file system": () =>
    Deno.listen({ transport: "unix", path: `${folder}/s` }).close(),
  "tracing": () => check(symbols.ptrace(0n, 0n, 0n, 0n)),
};
const ALLOWED: Record<string, () => unknown> = {
  "a file": () => Deno.writeTextFileSync(`${folder}/other`, "x"),
  "a signal to an own thread": () =>
    check(symbols.syscall(TGKILL, BigInt(Deno.pid), BigInt(Deno.pid), 0n)),
  "mode": () => Deno.chmodSync(path, 0o600),
  "owner": () => chownSync(path, Deno.uid()!, Deno.gid()!),
  "times": () => Deno.utimeSync(path, 1, 1),
  "name": () => Deno.renameSync(`${folder}/other`, `${folder}/new`),
  "thread": () => Deno.stat(path),
};

const worked: string[] = [];
const allowed: string[] = [];
for (const [attempts, names] of [[ATTEMPTS, worked], [ALLOWED, allowed]] as const) {
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      names.push(name);
    } catch {
      // It is denied.
    }
  }
}
console.log(JSON.stringify({
  worked,
  failed: Object.keys(ATTEMPTS).filter((name) => !worked.includes(name)),
  missing: Object.keys(ALLOWED).filter((name) => !allowed.includes(name)),
}));
Deno.exit(0);
