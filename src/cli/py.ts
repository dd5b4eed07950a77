/**
 * `deno task py [--with X]… SCRIPT [ARGS…]`: runs Python with `forge3d` importable.
 *
 * @module
 */
import { cacheFolder } from "../cache_folder.ts";
import { PackageError } from "../errors.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE } from "../exit_codes.ts";
import { outputStream, type Program, PythonHost, watchInterrupts } from "../python/mod.ts";

const USAGE = `Usage: deno task py [--with NAME | --with ./x.whl]… SCRIPT [ARGS…]
       deno task py [--with …]… -c CODE [ARGS…]
       deno task py [--with …]… -m MODULE [ARGS…]
       deno task py [--with …]… - [ARGS…]

Runs Python, with the package forge3d importable.

  --with NAME   add a package, by its name or as a path to a wheel; may be repeated
  -h, --help    show this text`;

/** A parsed command line. */
export interface PyCommand {
  /** What to run; null when the command line asks for help. */
  readonly program: Program | null;
  /** The packages to add, as they were named. */
  readonly packages: readonly string[];
}

/**
 * Parses the command line. Everything after the program's name belongs to the program.
 *
 * @throws {SyntaxError} When it cannot be understood; the message says why.
 */
export function parsePyCommand(args: readonly string[]): PyCommand {
  const packages: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const rest = args.slice(i + 2);
    if (arg === "-h" || arg === "--help") return { program: null, packages };
    if (arg === "--with" || arg === "-c" || arg === "-m") {
      const value = args[i + 1];
      if (value === undefined) throw new SyntaxError(`Cannot run Python as ${arg} lacks a value`);
      if (arg === "-c") return { program: { kind: "code", target: value, args: rest }, packages };
      if (arg === "-m") return { program: { kind: "module", target: value, args: rest }, packages };
      packages.push(value);
      i++;
    } else if (arg.startsWith("--with=")) {
      packages.push(arg.slice("--with=".length));
    } else if (arg === "-") {
      return { program: { kind: "stdin", target: "", args: args.slice(i + 1) }, packages };
    } else if (arg.startsWith("-") && arg !== "--") {
      throw new SyntaxError(`Cannot run Python as the option is unknown: ${arg}`);
    } else {
      const at = arg === "--" ? i + 1 : i;
      const target = args[at];
      if (target === undefined) break;
      return { program: { kind: "script", target, args: args.slice(at + 1) }, packages };
    }
  }
  throw new SyntaxError("Cannot run Python as no script is named");
}

/** Runs the command and answers the exit code. */
export async function runPy(args: readonly string[]): Promise<number> {
  let command: PyCommand;
  try {
    command = parsePyCommand(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return EXIT_USAGE;
  }
  if (command.program === null) {
    console.log(USAGE);
    return EXIT_DONE;
  }
  const environment = Deno.env.toObject();
  const folder = Deno.cwd();
  const cache = cacheFolder((name) => environment[name]);
  const interrupts = watchInterrupts(() => {
    Deno.stderr.writeSync(new TextEncoder().encode("KeyboardInterrupt\n"));
    Deno.exit(EXIT_INTERRUPTED);
  });
  const host = await PythonHost.start({
    streams: {
      stdin: interrupts.stdin,
      stdout: outputStream(Deno.stdout),
      stderr: outputStream(Deno.stderr),
    },
    environment,
    folder,
    cacheFolder: cache,
    onFirstStart: () => {
      if (Deno.stderr.isTerminal()) console.error("Preparing Python for the first time…");
    },
    interrupts,
  });
  try {
    await host.addPackages(command.packages, {
      folder,
      cacheFolder: cache,
      indexUrl: environment.PIP_INDEX_URL,
    });
    await interrupts.ready;
    return await host.runProgram(command.program);
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    console.error(`error: ${error.message}`);
    return EXIT_FAILED;
  } finally {
    await host.close();
    interrupts.close();
  }
}

if (import.meta.main) Deno.exit(await runPy(Deno.args));
