/**
 * The order in which components, and places where one is loaded, were made.
 *
 * @module
 */

let count = 0;

/** A number that is higher than those of all components and deferred components that were made before. */
export function nextOrder(): number {
  return ++count;
}
