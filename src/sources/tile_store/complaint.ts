/**
 * What a file breaks, before it is known which file it is.
 *
 * @module
 */

/**
 * Names the rule of the format that is broken. No other error says that a file is malformed: a slip
 * of the reader must not pass for one.
 */
export class Complaint extends Error {}
