/**
 * Loaded before every file of tests: gives calls that nobody waits for the time to end, so that the
 * sanitizer of operations finds those that never do.
 *
 * In Deno the promise of `onSubmittedWorkDone` settles some 10 ms after the call has returned, when
 * the queue is done. The library goes on at once, and a test may end before that.
 *
 * @module
 */

Deno.test.afterEach(() => new Promise((resolve) => setTimeout(resolve, 20)));
