/**
 * JSON as people read it. Pure.
 *
 * @module
 */

const INDENT = "  ";
/** Most characters of a line that holds a list or an object as a whole. */
const LINE_LENGTH = 100;

/**
 * The text of a value: fields in their order, two spaces for each level, a newline at the end; lists of
 * plain values, and small objects of them, on one line. The same value has the same text.
 */
export function jsonText(value: unknown): string {
  return `${textOf(value, { indent: "", usedCharacters: 0 })}\n`;
}

function textOf(
  value: unknown,
  { indent, usedCharacters }: { readonly indent: string; readonly usedCharacters: number },
): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? "[]" : "{}";
  const inner = indent + INDENT;
  const entries = isList
    ? value.map((one): [string, unknown] => ["", one])
    : Object.entries(value).map(([name, one]): [string, unknown] => [
      `${JSON.stringify(name)}: `,
      one,
    ]);
  if (entries.length === 0) return `${open}${close}`;
  if (entries.every(([, one]) => isPlain(one))) {
    const space = isList ? "" : " ";
    const parts = entries.map(([label, one]) => label + plainText(one)).join(", ");
    const line = `${open}${space}${parts}${space}${close}`;
    // A comma may follow.
    if (usedCharacters + line.length < LINE_LENGTH) return line;
  }
  const lines = entries.map(([label, one]) => {
    const before = inner + label;
    return before + textOf(one, { indent: inner, usedCharacters: before.length });
  });
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** Whether a value is a string, number or the like, or a list of such. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Array.isArray(value) && value.every((one) => typeof one !== "object" || one === null);
}

function plainText(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.map((one) => JSON.stringify(one)).join(", ")}]`;
}
