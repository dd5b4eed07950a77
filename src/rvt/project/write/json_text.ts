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
 * plain values, and small objects of them, on one line, and long lists of numbers on lines that are full. The
 * same value has the same text.
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
  if (isList && value.every((one) => typeof one === "number")) {
    return `${open}\n${filledLines(value.map(String), inner)}\n${indent}${close}`;
  }
  const lines = entries.map(([label, one]) => {
    const before = inner + label;
    return before + textOf(one, { indent: inner, usedCharacters: before.length });
  });
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** Long lists of numbers, such as heights: as many on a line as fit. */
function filledLines(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? `${indent}${word}` : `${line}, ${word}`;
    if (line !== "" && longer.length >= LINE_LENGTH) {
      lines.push(`${line},`);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line].join("\n");
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
