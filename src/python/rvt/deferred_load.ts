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
import { madeBy, type PythonOutcome } from "./python_outcome.ts";

/** A function of Python that makes components. It never throws. */
export type PythonLoad = () => Promise<PythonOutcome>;

/** Makes a deferred component. */
export function makeDeferredComponent(
  options: Omit<DeferredComponentOptions, "load">,
  pythonLoad: PythonLoad,
): DeferredComponent {
  const load = async () => madeBy(await pythonLoad()) as PrimitiveComponent;
  return new DeferredComponent({ ...options, load });
}

/** Throws why a component could not be loaded the last time, if it could not. */
export function throwFailure({ failure }: DeferredComponent): void {
  if (failure !== null) throw failure;
}
