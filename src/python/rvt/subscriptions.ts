/**
 * Functions of Python that hear of changes.
 *
 * @module
 */
import { plainOf } from "./plain.ts";

/** Something that tells of its changes. */
interface Subscribable {
  subscribe(listener: (change?: unknown) => void): () => void;
}

/** Calls a function of Python after every change until it is closed. */
export interface PythonSubscription {
  /** Ends it, for a change that is being told, too. */
  close(): void;
}

/** Calls a function of Python after every change of something, with the change as a plain value. */
export function subscribePython(
  target: object,
  listener: (change: unknown) => void,
): PythonSubscription {
  let isOpen = true;
  const unsubscribe = (target as Subscribable).subscribe((change) => {
    // One that was closed by another listener may still be in the list of those that are told.
    if (isOpen) listener(plainOf(change));
  });
  return {
    close() {
      isOpen = false;
      unsubscribe();
    },
  };
}
