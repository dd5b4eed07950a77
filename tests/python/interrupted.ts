import { startPy } from "./run_py.ts";

/** Interrupts a program once it has printed its first line. */
export async function interrupted(
  code: string,
  folder: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = startPy(["-c", code], { folder });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  // After its first line the program runs the code that is interrupted.
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill("SIGINT");
  let stdout = new TextDecoder().decode(value);
  const [stderr, status] = await Promise.all([
    new Response(child.stderr).text(),
    child.status,
    (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        stdout += new TextDecoder().decode(value);
      }
    })(),
  ]);
  return { code: status.code, stdout, stderr };
}
