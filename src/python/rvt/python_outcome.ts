/**
 * What functions of Python answer that the library calls.
 *
 * @module
 */

/** What a function has made, or the text of an exception, and itself. */
export type PythonOutcome = readonly [made: unknown, text: string, exception: unknown];

/** What Python has raised: Python finds the exception in it. */
class PythonRaisedError extends Error {
  /** As errors that Python raises are called. */
  override readonly name = "PythonError";
  /** The exception. */
  readonly exception: unknown;
  /** Takes the text that messages have of it, and the exception. */
  constructor(text: string, exception: unknown) {
    super(text);
    this.exception = exception;
  }
}

/** What a function has made; throws what it has raised. */
export function madeBy([made, text, exception]: PythonOutcome): unknown {
  if (exception !== undefined && exception !== null) throw new PythonRaisedError(text, exception);
  return made;
}
