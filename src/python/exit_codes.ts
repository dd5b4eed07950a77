/** Exit codes, as CPython and shells use them. */

/** After an uncaught exception. */
export const EXIT_FAILED = 1;
/** After a wrong command line, or a script that cannot be opened. */
export const EXIT_USAGE = 2;
/** After Ctrl-C: 128 and the number of the signal. */
export const EXIT_INTERRUPTED = 130;
