/**
 * Memory of another process.
 *
 * @module
 */

/**
 * Memory that a process takes, in MiB: its resident set. A program of the system is asked, as Deno
 * shows `/proc` only to processes that have every right.
 *
 * @returns Null if the process has ended, or where the program is missing.
 */
export async function residentMb(pid: number): Promise<number | null> {
  // `ps` is missing in many containers.
  const [program, ...args] = Deno.build.os === "linux"
    ? ["cat", `/proc/${pid}/status`] as const
    : ["ps", "-o", "rss=", "-p", String(pid)] as const;
  try {
    const options = { args, stdin: "null", stdout: "piped", stderr: "null" } as const;
    const { stdout } = await new Deno.Command(program, options).output();
    const kilobytes = /^(?:VmRSS:)?\s*(\d+)(?: kB)?$/m.exec(new TextDecoder().decode(stdout));
    return kilobytes === null ? null : Math.ceil(Number(kilobytes[1]) / 1024);
  } catch {
    return null;
  }
}
