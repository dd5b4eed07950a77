/**
 * Which package brings a Vulkan driver on which system.
 *
 * @module
 */

/** How to get a Vulkan driver on one system. */
export interface DriverAdvice {
  /** The system as its maker calls it. */
  readonly system: string;
  /** Name of the package, where the system has one. */
  readonly packageName?: string;
  /** What to type or do. */
  readonly command: string;
  /** True where `apt-get` installs the package. */
  readonly hasApt: boolean;
}

interface Family {
  readonly ids: readonly string[];
  readonly packageName: string;
  readonly install: string;
}

const APT_IDS: readonly string[] = ["debian", "ubuntu"];

const FAMILIES: readonly Family[] = [
  { ids: APT_IDS, packageName: "mesa-vulkan-drivers", install: "sudo apt-get install" },
  {
    ids: ["fedora", "rhel", "centos", "amzn"],
    packageName: "mesa-vulkan-drivers",
    install: "sudo dnf install",
  },
  { ids: ["arch"], packageName: "vulkan-swrast", install: "sudo pacman -S" },
  { ids: ["alpine"], packageName: "mesa-vulkan-swrast", install: "sudo apk add" },
  { ids: ["suse", "opensuse"], packageName: "libvulkan_lvp", install: "sudo zypper install" },
];

/**
 * The package that brings a Vulkan driver (a hardware's or the software one) on the system at hand.
 *
 * @param os `Deno.build.os`
 * @param osRelease Text of `/etc/os-release` (os-release(5)), empty where there is none
 */
export function adviseDriver(os: string, osRelease: string): DriverAdvice {
  if (os === "darwin") {
    return {
      system: "macOS",
      command: "run on a machine with a Metal GPU, outside virtual machines without one",
      hasApt: false,
    };
  }
  if (os === "windows") {
    return {
      system: "Windows",
      command: "install the graphics driver of the card's maker",
      hasApt: false,
    };
  }
  const fields = parseOsRelease(osRelease);
  const system = fields.get("PRETTY_NAME") ?? fields.get("NAME") ?? os;
  const ids = [fields.get("ID") ?? "", ...(fields.get("ID_LIKE") ?? "").split(" ")];
  for (const id of ids) {
    const family = FAMILIES.find(({ ids }) => ids.some((known) => isSameSystem(id, known)));
    if (family === undefined) continue;
    return {
      system,
      packageName: family.packageName,
      command: `${family.install} ${family.packageName}`,
      hasApt: family.ids === APT_IDS,
    };
  }
  return {
    system,
    command: "install the Vulkan driver of your GPU, or the package with Mesa's lavapipe",
    hasApt: false,
  };
}

/** Fields of os-release(5): `NAME=value` lines, values perhaps in quotes. */
function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|(.*))$/.exec(line.trim());
    if (match !== null) fields.set(match[1]!, match[2] ?? match[3] ?? match[4] ?? "");
  }
  return fields;
}

/** `opensuse-leap` is an `opensuse`, `debian` only itself. */
function isSameSystem(id: string, known: string): boolean {
  return id === known || id.startsWith(`${known}-`);
}
