/**
 * The values that materials write to runtime virtual textures, and read from them.
 *
 * @module
 */

/** One kind of value. The names are those of the pins of Runtime Virtual Texture Output. */
export type AttributeName =
  | "baseColor"
  | "specular"
  | "roughness"
  | "normal"
  | "worldHeight"
  | "mask"
  | "displacement"
  | "mask4";

/** What is known of an attribute whatever stores it. */
export interface AttributeInfo {
  /** Numbers that it has. */
  readonly components: 1 | 3 | 4;
  /**
   * What a texture holds where nothing was written, when it is cleared before it is rendered, and
   * what is read of a texture that lacks the attribute. Colours are linear. A tile of World Height holds
   * the least world z of its volume instead.
   */
  readonly clearValue: readonly number[];
}

/**
 * Every attribute. `baseColor` is linear red, green and blue from 0 to 1; `normal` a vector, of any
 * length until it is stored, where it is normalised; `worldHeight` a world z; the others are from 0 to 1.
 */
export const ATTRIBUTES: Readonly<Record<AttributeName, AttributeInfo>> = Object.freeze({
  baseColor: { components: 3, clearValue: [0, 0, 0] },
  specular: { components: 1, clearValue: [0.5] },
  roughness: { components: 1, clearValue: [0.5] },
  normal: { components: 3, clearValue: [0, 0, 1] },
  worldHeight: { components: 1, clearValue: [0] },
  mask: { components: 1, clearValue: [0] },
  displacement: { components: 1, clearValue: [0] },
  mask4: { components: 4, clearValue: [0, 0, 0, 0] },
});

/** Every {@linkcode AttributeName}. */
export const ATTRIBUTE_NAMES: readonly AttributeName[] = Object.freeze(
  Object.keys(ATTRIBUTES) as AttributeName[],
);
