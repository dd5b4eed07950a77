/**
 * What `vt doctor` finds out.
 *
 * @module
 */

import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textureFolder } from "../../../cache_folder.ts";
import { DeviceError } from "../../../errors.ts";
import { requestDevice, USEFUL_FEATURES } from "../../../gpu/mod.ts";
import { type KernelReport, kernelReport } from "../../confinement/kernel_report.ts";
import { codeCacheFolder, pythonCacheFolder } from "../../folders.ts";
import { parsePyCommand } from "../../py/py_options.ts";
import { scriptContext } from "../../sandbox/script_context.ts";
import { type ScriptGrants, scriptGrants } from "../../sandbox/script_grants.ts";
import { taskContextIn } from "../../task_context.ts";

/** The adapter and the device that forge3d gets from it. */
export interface AdapterReport {
  readonly name: string;
  /** The API below WebGPU. */
  readonly backend: string;
  /** Features in use. */
  readonly features: readonly string[];
  /** Features that forge3d would use. */
  readonly missingFeatures: readonly string[];
  /** Limits in use, by their WebGPU names. */
  readonly limits: Readonly<Record<string, number>>;
}

/** A folder of files that can be made or fetched again. */
export interface CacheReport {
  readonly purpose: string;
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** All that the command tells. */
export interface DoctorReport {
  readonly deno: string;
  readonly system: string;
  /** Null if there is none on which the shaders run. */
  readonly adapter: AdapterReport | null;
  /** What is missing, and how to get it. */
  readonly problems: readonly string[];
  readonly caches: readonly CacheReport[];
  /** What a script may do that is started in this folder. */
  readonly sandbox: Omit<ScriptGrants, "net"> & {
    readonly folder: string;
    readonly kernel: KernelReport;
  };
}

/** Stands for the folder that each run makes. */
const TEMPORARY = "(a folder of its own)";

/** Looks at the machine; `denoCache` is Deno's cache. */
export async function doctorReport(denoCache: string): Promise<DoctorReport> {
  const context = taskContextIn(Deno.cwd(), denoCache);
  const problems: string[] = [];
  const adapter = await adapterReport(problems);
  const temporary = join(tmpdir(), "forge3d", TEMPORARY);
  const kernel = kernelReport();
  const { net: _, ...grants } = scriptGrants(
    parsePyCommand(["-c", ""]),
    scriptContext(context, temporary),
  );
  for (const { folder, reason } of grants.readOnly) {
    problems.push(`Scripts cannot write ${folder}: ${reason}`);
  }
  const code = codeCacheFolder(denoCache);
  return {
    deno: Deno.version.deno,
    system: `${Deno.build.os} ${Deno.build.arch}`,
    adapter,
    problems,
    caches: [
      ...(context.cache === null
        ? []
        : [cacheReport("baked textures", textureFolder(context.cache))]),
      cacheReport("interpreter and packages of Python", pythonCacheFolder(denoCache)),
      cacheReport("tools that check Python", join(code, "python-tools")),
      cacheReport("packages of npm", join(denoCache, "npm")),
    ],
    sandbox: { folder: context.working, kernel, ...grants },
  };
}

async function adapterReport(problems: string[]): Promise<AdapterReport | null> {
  try {
    using device = await requestDevice({ label: "doctor" });
    const missingFeatures = USEFUL_FEATURES.filter((name) => !device.features.has(name));
    return {
      name: device.name,
      backend: device.backend,
      features: [...device.features].sort(),
      missingFeatures,
      limits: device.limits,
    };
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    problems.push(error.message);
    return null;
  }
}

function cacheReport(purpose: string, path: string): CacheReport {
  const total = { files: 0, bytes: 0 };
  addSizes(path, total);
  return { purpose, path, ...total };
}

function addSizes(folder: string, total: { files: number; bytes: number }): void {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return; // There is no such folder, or not for this user.
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addSizes(path, total);
    else if (entry.isFile()) {
      total.files++;
      total.bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  }
}
