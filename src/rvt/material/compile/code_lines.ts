/**
 * WGSL with a note of what each line was made of.
 *
 * @module
 */

/** Collects code, and which node each line belongs to. */
export class CodeLines {
  readonly #lines: string[] = [];
  readonly #labels = new Map<number, string>();

  /**
   * Adds code.
   *
   * @param code One line or several.
   * @param label What messages call the node that it was made of; default none.
   */
  add(code: string, label?: string): void {
    for (const line of code.split("\n")) {
      this.#lines.push(line);
      if (label !== undefined) this.#labels.set(this.#lines.length, label);
    }
  }

  /** All code so far. */
  get code(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  /** What messages call the node of a line; the first line is 1. Lines of no node are not in it. */
  get labels(): ReadonlyMap<number, string> {
    return this.#labels;
  }
}
