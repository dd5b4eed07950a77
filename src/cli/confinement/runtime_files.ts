/**
 * What the runtime and the drivers of GPUs need of the system's files. None of it is a secret.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { FileRights } from "./landlock.ts";

/** What these depend on. */
export interface RuntimePlaces {
  readonly deno: string;
  readonly denoCache: string;
  readonly project: string;
  readonly homes: readonly string[];
}

/** Programs' libraries and data, in the usual places. */
const LIBRARIES =
  "/usr /lib /lib32 /lib64 /opt /snap /nix/store /run/opengl-driver /run/current-system"
    .split(" ");

/** Settings of the loader, of drivers, of the network and of the clock, and where home folders are. */
const SETTINGS = [
  ..."ld.so.cache ld.so.conf ld.so.conf.d alternatives localtime timezone locale.conf".split(" "),
  ..."vulkan glvnd egl drirc nvidia amd".split(" "),
  ..."passwd group nsswitch.conf hosts host.conf resolv.conf gai.conf".split(" "),
  ..."ssl/certs ssl/openssl.cnf ca-certificates pki/tls/certs pki/ca-trust".split(" "),
].map((name) => `/etc/${name}`);

/** What the kernel says of the machine and of this process. */
const KERNEL = [
  ..."devices class bus dev module fs/cgroup kernel/mm".split(" ").map((name) => `/sys/${name}`),
  ..."self cpuinfo meminfo stat version filesystems devices modules loadavg driver".split(" ")
    .concat(["sys/vm", "sys/kernel", "sys/fs", "sys/net/core"]).map((name) => `/proc/${name}`),
];

/** Devices that every program may use, and those of GPUs. */
const DEVICES = "null zero full random urandom tty dri kfd dxg udmabuf dma_heap mali0".split(" ");
const DEVICE_PREFIXES = ["nvidia", "nvhost", "nvmap"];

/** Folders of drivers' compiled shaders, in a folder for caches. */
const SHADER_CACHES = "mesa_shader_cache mesa_shader_cache_db nvidia".split(" ");

/** Variables that name files or folders of libraries, drivers and certificates. */
const PATH_VARIABLES = [
  ..."LD_LIBRARY_PATH LIBGL_DRIVERS_PATH VK_DRIVER_FILES VK_ICD_FILENAMES".split(" "),
  ..."VK_ADD_DRIVER_FILES VK_LAYER_PATH VK_ADD_LAYER_PATH".split(" "),
  ..."NODE_EXTRA_CA_CERTS DENO_CERT SSL_CERT_FILE SSL_CERT_DIR".split(" "),
];

/** In Deno's cache: what other programs keep there, which may be anything. */
const FOREIGN_DATA = "location_data";
/**
 * What a process that runs the project's code needs, beside what it works on. Caches of compiled code are
 * read alone, those of Deno and those of drivers: what one process leaves there, others run.
 */
export function runtimeFiles(places: RuntimePlaces): FileRights {
  const { project, denoCache, homes } = places;
  const cached = namesIn(denoCache).filter((name) => name !== FOREIGN_DATA);
  return {
    read: [
      ...LIBRARIES,
      ...SETTINGS,
      ...KERNEL,
      places.deno,
      ...["src", "py", "shaders", "deno.json", "deno.lock"].map((name) => join(project, name)),
      ...cached.map((name) => join(denoCache, name)),
      ...PATH_VARIABLES.flatMap(pathsIn),
      ...shaderCaches(homes),
    ],
    use: devices(),
    make: [],
    write: [],
  };
}

function devices(): string[] {
  const named = namesIn("/dev").filter((name) =>
    DEVICE_PREFIXES.some((prefix) => name.startsWith(prefix))
  );
  return [...DEVICES, ...named].map((name) => `/dev/${name}`);
}

/** Folders in which drivers keep compiled shaders, where there are such. */
export function shaderCaches(homes: readonly string[]): string[] {
  const caches = [Deno.env.get("XDG_CACHE_HOME"), ...homes.map((home) => join(home, ".cache"))];
  return [
    ...caches.flatMap((folder) => folder ? SHADER_CACHES.map((name) => join(folder, name)) : []),
    ...homes.map((home) => join(home, ".nv")),
  ];
}

/** The paths in a variable, and the folders that files among them lie in. */
function pathsIn(variable: string): string[] {
  const paths = (Deno.env.get(variable) ?? "").split(delimiter).filter((path) => path !== "");
  return paths.flatMap((path) => /\.(json|so)$/.test(path) ? [path, dirname(path)] : [path]);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
