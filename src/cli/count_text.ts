/**
 * Numbers of things as text.
 *
 * @module
 */

/** `1 tile`, `2 tiles`, `1,000 tiles`; for words whose plural ends in s. */
export function countText(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
