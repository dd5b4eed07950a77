/**
 * The lanes of tests, in the order in which they run. A new lane is one object.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";
import { setUpChromium, setUpSwiftShader } from "./chromium.ts";
import type { Lane } from "./lane.ts";

/** Every lane. */
export const LANES: readonly Lane[] = [
  {
    name: "fast",
    description: "every test file that is not another lane's",
    files: /_test\.ts$/,
    ownsFiles: false,
    isDefault: true,
  },
  {
    name: "slow",
    description: "files called …_slow_test.ts: whole commands, flights, hostile files and scripts",
    files: /_slow_test\.ts$/,
    ownsFiles: true,
    isDefault: false,
  },
  {
    name: "soak",
    description: "files called …_soak_test.ts: random use for minutes, and leaks that it must find",
    files: /_soak_test\.ts$/,
    ownsFiles: true,
    isDefault: false,
  },
  {
    name: "huge",
    description: "files called …_huge_test.ts: pictures of 16384² and 32768²; on request alone",
    files: /_huge_test\.ts$/,
    ownsFiles: true,
    isDefault: false,
    // About half an hour, and 20 GB of disk.
    isOnRequest: true,
  },
  {
    name: "browser",
    description: "files called …_browser_test.ts: the bundled library in Chromium",
    files: /_browser_test\.ts$/,
    ownsFiles: true,
    isDefault: false,
    setUp: setUpChromium,
  },
  {
    name: "second-adapter",
    description: "GPU, scene, golden and streaming tests on SwiftShader, a second driver",
    files: /^tests\/(?:(?:gpu|scene|golden|streaming)\/.*|texels\/.*_gpu)_test\.ts$/,
    ownsFiles: false,
    isDefault: false,
    environment: { FORGE3D_TEST_ADAPTER: "SwiftShader" },
    setUp: setUpSwiftShader,
  },
];

/** Lanes that run when all are asked for. */
export const ALL_LANES: readonly Lane[] = LANES.filter(({ isOnRequest }) => !isOnRequest);

/**
 * The lanes of some names, in the order in which they run.
 *
 * @throws {InvalidArgumentError} if there is no such lane
 */
export function lanesNamed(names: readonly string[]): Lane[] {
  const unknown = names.find((name) => !LANES.some((lane) => lane.name === name));
  if (unknown !== undefined) {
    const known = LANES.map(({ name }) => name).join(", ");
    throw new InvalidArgumentError(
      "lane",
      `Cannot run tests as --lane must be one of ${known}: current value is ${unknown}`,
    );
  }
  return LANES.filter((lane) => names.includes(lane.name));
}
