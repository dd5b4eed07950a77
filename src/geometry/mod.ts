/**
 * Cameras.
 *
 * @module
 */

export * from "./cameras.ts";
