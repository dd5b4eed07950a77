/**
 * Exit codes of commands and of Python programs, as shells and CPython use them.
 *
 * @module
 */

/** Exit code of a program that did what was asked. */
export const EXIT_DONE = 0;
/** Exit code of a program that failed; in Python, by an uncaught exception. */
export const EXIT_FAILED = 1;
/** Exit code of a program with wrong arguments, or whose script cannot be opened. */
export const EXIT_USAGE = 2;
/** Exit code of a Python program whose output could not be written, as its reader had closed it. */
export const EXIT_BROKEN_PIPE = 120;
/** Exit code of a program that was interrupted: 128 and the number of SIGINT, as in shells. */
export const EXIT_INTERRUPTED = 130;
