/**
 * Every kind of texture of a soak, and textures of each.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import type { StepLog } from "../world/step_log.ts";
import type { Ticks } from "../world/ticks.ts";
import type { MapShape } from "./changing_map.ts";
import { DrawnTexture } from "./drawn_texture.ts";
import { FILE_KINDS, type FileKindName, FileTexture } from "./file_texture.ts";
import { PlaneTexture } from "./plane_texture.ts";
import { ReadFaults } from "./read_faults.ts";
import type { SoakTexture } from "./soak_texture.ts";
import { SourceTexture } from "./source_texture.ts";

/** Formats of sources. */
const FORMATS = [
  "rgba8unorm",
  "rgba8unorm-srgb",
  "r8unorm",
  "bc1-rgba-unorm",
  "bc7-rgba-unorm",
] as const;

/** A kind of texture. */
export type TextureKind =
  | `a source of ${typeof FORMATS[number]}`
  | FileKindName
  | "two planes"
  | "three planes"
  | "a drawing";

const SIZES = [[700, 500], [1023, 333], [65, 1400], [1500, 900]] as const;
const HUGE_SIDE = 2 ** 16 + 2 ** 15;
const KEPT_SIZE = [1900, 1300] as const;
const PLANES = {
  "two planes": { formats: ["rgba8unorm", "r8unorm"], tileSize: 128, border: 2 },
  "three planes": {
    formats: ["rgba8unorm", "r8unorm", "rgba8unorm-srgb"],
    tileSize: 64,
    border: 0,
  },
} as const;

/** What textures are made with. */
export interface TextureMakerParts {
  readonly ticks: Ticks;
  readonly log: StepLog;
  readonly random: () => number;
  readonly folder: string;
}

/** Makes textures. */
export class TextureMaker {
  /** Kinds that the device can hold. */
  readonly kinds: readonly TextureKind[];
  readonly #parts: TextureMakerParts;
  /** Textures that are the same for as long as the soak lasts. */
  readonly #kept = new Map<TextureKind, SoakTexture>();
  #seed = 0;
  readonly #fileCounts = new Map<TextureKind, number>();

  constructor(parts: TextureMakerParts, device: ForgeDevice) {
    this.#parts = parts;
    const formats = FORMATS.filter((format) => device.supports(format));
    this.kinds = [
      ...formats.map((format) => `a source of ${format}` as const),
      ...FILE_KINDS,
      "two planes",
      "three planes",
      "a drawing",
    ];
  }

  /** The one texture of its kind that stays. */
  keptTexture(kind: TextureKind): SoakTexture {
    let texture = this.#kept.get(kind);
    if (texture === undefined) this.#kept.set(kind, texture = this.#make(kind, KEPT_SIZE));
    return texture;
  }

  /** A texture of a kind, of any size. */
  makeTexture(kind: TextureKind): SoakTexture {
    const { random } = this.#parts;
    return this.#make(kind, SIZES[Math.floor(random() * SIZES.length)]!);
  }

  /** A source of RGBA8 with other tiles than those of the main system. */
  makeGuestTexture(): SoakTexture {
    const shape = this.#shape([1500, 900], { tileSize: 128, border: 8 });
    return new SourceTexture("rgba8unorm", shape, this.#faults());
  }

  /** A texture whose page table alone is larger than the budget of any system here. */
  makeHugeTexture(): SoakTexture {
    return new SourceTexture("rgba8unorm", this.#shape([HUGE_SIDE, HUGE_SIDE]), this.#faults());
  }

  #faults(): ReadFaults {
    return new ReadFaults(this.#parts);
  }

  #shape(
    [width, height]: readonly [number, number],
    cut: { readonly tileSize: number; readonly border: number } = { tileSize: 64, border: 4 },
  ): MapShape {
    const { tileSize, border } = cut;
    return { width, height, tileSize, border, seed: this.#seed++ };
  }

  #make(kind: TextureKind, size: readonly [number, number]): SoakTexture {
    if (kind === "a drawing") return new DrawnTexture();
    if (kind === "two planes" || kind === "three planes") {
      const { formats, ...cut } = PLANES[kind];
      return new PlaneTexture(formats, this.#shape(size, cut), this.#faults());
    }
    if (kind.startsWith("a source of ")) {
      const format = kind.slice("a source of ".length) as TexelFormat;
      return new SourceTexture(format, this.#shape(size), this.#faults());
    }
    const number = this.#fileCounts.get(kind) ?? 0;
    this.#fileCounts.set(kind, number + 1);
    const file = { folder: this.#parts.folder, number };
    return new FileTexture(kind as FileKindName, file, this.#faults());
  }
}
