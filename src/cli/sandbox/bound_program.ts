/**
 * Programs that end when this process does, however it ends.
 *
 * @module
 */

/** Asks the kernel for a signal at the end of the process that starts a program (util-linux). */
const SETPRIV = "/usr/bin/setpriv";
const BINDING = ["--pdeathsig", "KILL", "--"];

/**
 * The command line that starts a program so that it is killed when this process has ended, or the
 * program alone where the system has no such means.
 */
export function boundProgram(program: string): [program: string, ...args: string[]] {
  return canBind() ? [SETPRIV, ...BINDING, program] : [program];
}

/** True if programs can be bound; other editions of the tool lack the option. */
export function canBind(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    const probe = new Deno.Command(SETPRIV, {
      args: [...BINDING, SETPRIV, "--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    return probe.outputSync().success;
  } catch {
    return false;
  }
}
