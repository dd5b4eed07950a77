/**
 * The command line of `deno task py`.
 *
 * @module
 */

import type { Program } from "../../python/mod.ts";

/** Text of `--help`. */
export const PY_USAGE = `Usage: deno task py [OPTIONS] SCRIPT [ARGS…]
       deno task py [OPTIONS] -c CODE [ARGS…]
       deno task py [OPTIONS] -m MODULE [ARGS…]
       deno task py [OPTIONS] - [ARGS…]

Runs Python, with the package forge3d importable. A script reads and writes the current folder,
reads its own folder, and has a temporary folder for itself (TMPDIR); it has no network, starts no
programs and sees few environment variables. It never writes the home folder, nor forge3d's own
folder except for out/, nor a folder with links, hard links or sockets that lead out of it: a folder
for the script alone has none. These options give it more; each may be repeated:

  --allow-read PATH    read a file, or a folder with all that lies in it
  --allow-write PATH   read and write a file, or a folder with all that lies in it
  --allow-net HOST     reach a host: example.com, or example.com:8080 for one port
  --allow-env NAME     see an environment variable, in os.environ
  --with NAME          add a package, by its name or as a path to a wheel; packages are fetched
                       before the script starts, which gives the script no network
  --no-progress        show no progress of loads that take longer than a second, as where standard
                       error is no terminal; on_progress of a load replaces it, too
  -h, --help           show this text`;

/** What options of the command line give a script. */
export interface ScriptOptions {
  /** Paths to read, as they were named. */
  readonly read: readonly string[];
  /** Paths to read and write, as they were named. */
  readonly write: readonly string[];
  /** Hosts, each with a port or for every port. */
  readonly net: readonly string[];
  /** Names of environment variables. */
  readonly env: readonly string[];
}

/** A parsed command line. */
export interface PyCommand {
  /** What to run; null when the command line asks for help. */
  readonly program: Program | null;
  /** The packages to add, as they were named. */
  readonly packages: readonly string[];
  /** Whether loads may show their progress. */
  readonly showsProgress: boolean;
  /** What the script is given besides. */
  readonly options: ScriptOptions;
}

interface OptionValues {
  readonly packages: string[];
  readonly options: { read: string[]; write: string[]; net: string[]; env: string[] };
}

const OPTIONS: Readonly<Record<string, (value: string, values: OptionValues) => void>> = {
  "--with": (value, { packages }) => packages.push(value),
  "--allow-read": (value, { options }) => options.read.push(value),
  "--allow-write": (value, { options }) => options.write.push(value),
  "--allow-net": (value, { options }) => options.net.push(...value.split(",").map(checkedHost)),
  "--allow-env": (value, { options }) => options.env.push(...value.split(",").map(checkedName)),
};

/**
 * Parses the command line. Everything after the program's name belongs to the program.
 *
 * @throws {SyntaxError} When it cannot be understood; the message says why.
 */
export function parsePyCommand(args: readonly string[]): PyCommand {
  const values: OptionValues = {
    packages: [],
    options: { read: [], write: [], net: [], env: [] },
  };
  let showsProgress = true;
  const answer = (program: Program | null): PyCommand => ({ program, showsProgress, ...values });
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "-h" || arg === "--help") return answer(null);
    if (arg === "--no-progress") {
      showsProgress = false;
      continue;
    }
    const option = /^(--[a-z-]+)(?:=([^]*))?$/.exec(arg);
    const take = option === null ? undefined : ownValue(OPTIONS, option[1]!);
    if (take !== undefined) {
      const value = option![2] ?? args[++i];
      if (!value) throw new SyntaxError(`Cannot run Python as ${option![1]} lacks a value`);
      take(value, values);
    } else if (arg === "-c" || arg === "-m") {
      const target = args[i + 1];
      if (target === undefined) throw new SyntaxError(`Cannot run Python as ${arg} lacks a value`);
      return answer({ kind: arg === "-c" ? "code" : "module", target, args: args.slice(i + 2) });
    } else if (arg === "-") {
      return answer({ kind: "stdin", target: "", args: args.slice(i + 1) });
    } else if (arg.startsWith("-") && arg !== "--") {
      throw new SyntaxError(`Cannot run Python as the option is unknown: ${arg}`);
    } else {
      const at = arg === "--" ? i + 1 : i;
      const target = args[at];
      if (target === undefined) break;
      return answer({ kind: "script", target, args: args.slice(at + 1) });
    }
  }
  throw new SyntaxError("Cannot run Python as no script is named");
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

const MOST_PORT = 65535;

/** A host name or address, with a port or without. */
function checkedHost(host: string): string {
  const match = /^([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/.exec(host);
  if (match !== null && Number(match[2] ?? 1) <= MOST_PORT) return host;
  throw new SyntaxError(
    "Cannot run Python as --allow-net must name a host, such as example.com or example.com:8080: " +
      `current value is ${host}`,
  );
}

function checkedName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new SyntaxError(
    `Cannot run Python as --allow-env must name a variable: current value is ${name}`,
  );
}
