/**
 * Deferred components whose components Python makes.
 *
 * @module
 */
import {
  DeferredComponent,
  type DeferredComponentOptions,
  type PrimitiveComponent,
} from "../../rvt/mod.ts";

/** What a function of Python answers: what it has made, or the text of an exception, and itself. */
type LoadOutcome = readonly [made: unknown, text: string, exception: unknown];

/** A function of Python that makes components. It never throws. */
export type PythonLoad = () => Promise<LoadOutcome>;

/** What Python has raised while a component was loaded: Python finds the exception in it. */
class LoadRaisedError extends Error {
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

/** Makes a deferred component. */
export function makeDeferredComponent(
  options: Omit<DeferredComponentOptions, "load">,
  pythonLoad: PythonLoad,
): DeferredComponent {
  const load = async () => {
    const [made, text, exception] = await pythonLoad();
    if (exception !== undefined && exception !== null) throw new LoadRaisedError(text, exception);
    return made as PrimitiveComponent;
  };
  return new DeferredComponent({ ...options, load });
}

/** Throws why a component could not be loaded the last time, if it could not. */
export function throwFailure({ failure }: DeferredComponent): void {
  if (failure !== null) throw failure;
}
