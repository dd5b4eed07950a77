/**
 * `deno task vt doctor`: tells what works here, what is missing, and what scripts may do.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";
import { byteText } from "../../byte_text.ts";
import { type Command, EXIT_DONE, EXIT_FAILED } from "../../command.ts";
import { parseCommandLine } from "../../command_line.ts";
import { countText } from "../../count_text.ts";
import type { KernelReport } from "../../confinement/kernel_report.ts";
import { type AdapterReport, type DoctorReport, doctorReport } from "./doctor_report.ts";

const HELP = `Usage: deno task vt doctor [--json]

Tells which adapter is used, with its features and limits, what is missing and how to get it, where
caches lie and how large they are, and what a Python script that is started in this folder may do.
Exit code 1 if there is no adapter.

  --json        print one JSON object, sizes in bytes
  -h, --help    show this text`;

/** What is better with a feature. */
const FEATURE_USES: Readonly<Record<string, string>> = {
  "texture-compression-bc":
    "BC textures stay compressed; without it they take 4 to 8 times as much",
  "texture-formats-tier1": "16-bit grey stays so; without it, it takes twice as much",
  "float32-filterable": "floats are filtered by the sampler",
  "timestamp-query": "benchmarks measure on the GPU",
  "shader-f16": "shaders may calculate with 16 bits",
};

/** Limits that decide how much fits into one object. */
const SHOWN_LIMITS = [
  "maxTextureDimension2D",
  "maxTextureArrayLayers",
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxSampledTexturesPerShaderStage",
] as const;

/** The command. */
export const vtDoctorCommand: Command = {
  name: "vt doctor",
  help: HELP,
  async runCommand(args) {
    const { values } = parseCommandLine(args, {
      failure: "Cannot look at this machine",
      options: { json: { type: "boolean" } },
      takesArguments: false,
    });
    const denoCache = Deno.env.get("DENO_DIR");
    if (!denoCache) {
      throw new InvalidArgumentError("DENO_DIR", "Cannot look at caches as DENO_DIR must be set");
    }
    const report = await doctorReport(denoCache);
    console.log(values.json ? JSON.stringify(report, null, 2) : doctorText(report));
    return report.adapter === null ? EXIT_FAILED : EXIT_DONE;
  },
};

/** The report as lines under headings. */
export function doctorText(report: DoctorReport): string {
  const { sandbox, caches, problems, adapter } = report;
  return [
    heading("Runtime", [`Deno ${report.deno}, ${report.system}`]),
    heading("Adapter", adapter === null ? ["none"] : adapterLines(adapter)),
    heading("Missing", problems.length === 0 ? ["nothing"] : problems),
    heading(
      "Caches",
      caches.map(({ purpose, path, files, bytes }) =>
        `${purpose}: ${byteText(bytes)} in ${countText(files, "file")}, ${path}`
      ),
    ),
    heading(`A script that is started in ${sandbox.folder}`, [
      `reads      ${sandbox.read.join("\n             ")}`,
      `writes     ${sandbox.write.join("\n             ")}`,
      ...(sandbox.closed.length === 0 ? [] : [`not        ${sandbox.closed.join(", ")}`]),
      `sees       ${sandbox.env.join(" ")}`,
      `kernel     ${kernelText(sandbox.kernel)}`,
      "no network, no programs, no native code; deno task py --help has the options for more",
    ]),
  ].join("\n\n");
}

/** What the kernel holds beside Deno. */
function kernelText({ files, calls }: KernelReport): string {
  const kinds = [["files", files], ["system calls", calls]] as const;
  const holds = kinds.filter(([, reason]) => reason === null).map(([what]) => what);
  const lacks = kinds.filter(([, reason]) => reason !== null)
    .map(([what, reason]) => `${what} by Deno alone: ${reason}`);
  return [...(holds.length === 0 ? [] : [`holds ${holds.join(" and ")}`]), ...lacks].join("; ");
}

function heading(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function adapterLines({ name, backend, ...adapter }: AdapterReport): string[] {
  return [
    `${name} (${backend})`,
    `features   ${adapter.features.join(" ") || "none"}`,
    ...adapter.missingFeatures.map((feature) => `lacks      ${feature}: ${FEATURE_USES[feature]}`),
    ...SHOWN_LIMITS.map((limit) => `limit      ${limit} ${adapter.limits[limit]}`),
  ];
}
