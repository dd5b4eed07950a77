/**
 * What holds deferred components.
 *
 * @module
 */

import type { PrimitiveComponent } from "./primitive_component.ts";

/** What a scene that holds a deferred component does when it comes and goes. */
export interface DeferredComponentHolder {
  /** Takes the component in; what it throws is why loading has failed. */
  loaded(component: PrimitiveComponent): void;
  /** Lets go of it. */
  unloaded(component: PrimitiveComponent, wasEdited: boolean): void;
  /** Hears that the landscape that the component lies on is another one than before. */
  groundChanged?(): void;
}
