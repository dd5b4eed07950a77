/**
 * Errors on their way from the core to Python.
 *
 * Pyodide raises a JavaScript error as a class that it makes by the error's properties. Python's
 * `except JsException` does not catch the class of an error that has a `length`, as a
 * `SourceReadError` has, or a `size`, a `get` or a `then`. So Python gets an error that has none of
 * them, and finds in it what was thrown.
 *
 * @module
 */
import { isError, thrownText } from "../checks.ts";
import { messageWithValue } from "./python_text.ts";

/** What Python gets of something thrown. */
export class CoreError extends Error {
  /** Name of the class of what was thrown. */
  override readonly name: string;
  /** What was thrown: an error of any class, or any other value. */
  readonly origin: unknown;
  /** Takes what was thrown. */
  constructor(origin: unknown) {
    super(isError(origin) ? textOf(origin) : thrownText(origin));
    this.origin = origin;
    this.name = nameOf(origin);
  }
}

function textOf(error: Error): string {
  try {
    return messageWithValue(error) || thrownText(error);
  } catch {
    return thrownText(error);
  }
}

function nameOf(thrown: unknown): string {
  try {
    return isError(thrown) ? `${thrown.name}` : "Error";
  } catch {
    return "Error";
  }
}

type CoreFunction = (...args: unknown[]) => unknown;

/**
 * Makes a module of which every function throws, and rejects with, errors that Python can catch.
 *
 * @param core Functions, and values that stay as they are.
 * @param isPythons Tells an exception that Python raised in a callback; it stays as it is.
 */
export function withCatchableErrors<Core extends object>(
  core: Core,
  isPythons: (thrown: unknown) => boolean,
): Core {
  const rethrow = (thrown: unknown): never => {
    throw isPythons(thrown) ? thrown : new CoreError(thrown);
  };
  const guarded = (call: CoreFunction): CoreFunction => (...args) => {
    try {
      const result = call(...args);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (thrown) {
      return rethrow(thrown);
    }
  };
  const entries = Object.entries(core).map(([name, value]) => [
    name,
    typeof value === "function" ? guarded(value as CoreFunction) : value,
  ]);
  return Object.fromEntries(entries) as Core;
}
