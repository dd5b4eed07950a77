/**
 * Loaded before every file of tests: after each test, waits for calls to the GPU's queue that the
 * test left open, so that the sanitizer of operations finds those that never end, and no others.
 *
 * In Deno the promises of `onSubmittedWorkDone` and `mapAsync` settle some 10 ms after the call has
 * returned, when the queue is done: the library goes on at once, and a test may end, and close its
 * device, with hundreds of them open. Deno settles at most 128 in a turn of the event loop, and a
 * timer may be due before all of them on a busy machine; so they are counted.
 *
 * @module
 */

/** Milliseconds after which a call counts as one that never ends. */
const PATIENCE_MS = 5_000;

/** Milliseconds for what a test's own sources still wait for, when it has stopped waiting for them. */
const LEAST_MS = 25;

let openCount = 0;

countCalls(GPUQueue.prototype, "onSubmittedWorkDone");
countCalls(GPUBuffer.prototype, "mapAsync");

Deno.test.afterEach(async () => {
  const end = performance.now() + PATIENCE_MS;
  await pause(LEAST_MS);
  while (openCount > 0 && performance.now() < end) await pause(1);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Counts calls of a method until what they return has settled. */
function countCalls<K extends string>(
  prototype: { [name in K]: (...args: never[]) => Promise<undefined> },
  name: K,
): void {
  const method = prototype[name];
  prototype[name] = function (...args) {
    const call = method.apply(this, args);
    openCount++;
    // What is returned is this promise, so that a rejection that nobody handles still is one.
    return call.finally(() => openCount--);
  };
}
