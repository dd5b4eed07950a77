/**
 * Where in a project a value stands, for messages about it.
 *
 * @module
 */

import { describeValue } from "../../../checks.ts";
import { MalformedFileError } from "../../../errors.ts";

/** What a list adds to the place of what it lies in. */
type Step = string | number;

/** A name that can stand behind a dot. */
const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;
const LONGEST_NAME = 80;
/** Nothing, a number, or another word of JSON. */
const OTHER_VALUE = /^(?:true|false|null|-?\d[\d.eE+-]*)?$/;

/** A value's place: a file of the project, and the way to the value in it. */
export class Place {
  /** The file, as the project names it. */
  readonly file: string;
  /** What cannot be done if the value is wrong. */
  readonly failure: string;
  readonly #parent: Place | null;
  readonly #step: Step;

  private constructor(
    { file, failure }: Pick<Place, "file" | "failure">,
    parent: Place | null,
    step: Step,
  ) {
    this.file = file;
    this.failure = failure;
    this.#parent = parent;
    this.#step = step;
  }

  /** The whole of a file. */
  static ofFile(file: string): Place {
    return new Place({ file, failure: "Cannot read project" }, null, "");
  }

  /** The same place, for messages about something else that cannot be done. */
  failing(failure: string): Place {
    return new Place({ file: this.file, failure }, this.#parent, this.#step);
  }

  /** A field, or an element of a list. */
  at(step: Step): Place {
    return new Place(this, this, step);
  }

  /** The way to the value in its file, such as `components[3].material`; empty for all of it. */
  get path(): string {
    if (this.#parent === null) return "";
    const before = this.#parent.path;
    if (typeof this.#step === "number") return `${before}[${this.#step}]`;
    const name = this.#step.slice(0, LONGEST_NAME);
    if (!PLAIN_NAME.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === "" ? name : `${before}.${name}`;
  }

  /** File and way, such as `scenes/main.json: components[3].material`. */
  toString(): string {
    const { path } = this;
    return path === "" ? this.file : `${this.file}: ${path}`;
  }

  /**
   * Refuses the value that stands here.
   *
   * @param wanted What it must be, or do: `must be a string`.
   * @throws {MalformedFileError} always.
   */
  refuse(wanted: string, value: unknown): never {
    throw this.error(`${wanted}: current value is ${shown(value)}`);
  }

  /** An error about what stands here. */
  error(problem: string, options?: ErrorOptions): MalformedFileError {
    return new MalformedFileError(
      this.file,
      `${this.failure} as ${this} ${problem}`,
      options,
    );
  }
}

/** A text that looks like another value stands in quotes. */
function shown(value: unknown): string {
  const text = describeValue(value);
  return typeof value === "string" && OTHER_VALUE.test(value) ? JSON.stringify(text) : text;
}
