/**
 * Values of runtime virtual textures as Python gets them.
 *
 * @module
 */
import { TileGrid } from "../../tiles/mod.ts";
import { isExpression } from "../../rvt/mod.ts";
import { snakeCase } from "../spelling.ts";

/** Keys whose values are names of attributes, which Python spells as it spells options. */
const ATTRIBUTE_KEYS: ReadonlySet<string> = new Set(["attribute", "attributes", "lacks"]);

/** Names of attributes in Python's spelling; anything else as {@linkcode plainOf} has it. */
function attributesOf(value: unknown): unknown {
  if (typeof value === "string") return snakeCase(value);
  return Array.isArray(value) ? value.map(attributesOf) : plainOf(value);
}

/**
 * A copy of what is only values, with keys in Python's spelling; objects that Python refers to, such as
 * materials, meshes and expressions, as they are. Keys of maps are names that users gave, and stay. What is
 * null becomes undefined, which is Python's None.
 */
export function plainOf(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Map) {
    return new Map([...value].map(([key, each]) => [key, plainOf(each)]));
  }
  if (value instanceof TileGrid) return plainOf({ ...value });
  if (!isPlain(value) || isExpression(value) || isMesh(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      snakeCase(key),
      ATTRIBUTE_KEYS.has(key) ? attributesOf(each) : plainOf(each),
    ]),
  );
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

function isMesh(value: object): boolean {
  return "positions" in value && "indices" in value;
}
