/**
 * Values as messages to Python show them.
 *
 * @module
 */
import { describeValue, shownValue } from "../checks.ts";
import { snakeCase } from "./spelling.ts";

/** Elements of a list, and keys of a dictionary, that a message shows. */
const SHOWN_ELEMENTS = 16;
const SHOWN_CHARACTERS = 80;
const SHOWN_DEPTH = 3;

/** The message of something thrown: what a check has refused is shown as Python shows it. */
export function messageWithValue(thrown: Error): string {
  const { message } = thrown;
  const shown = shownValue(thrown);
  if (shown === null || !message.endsWith(shown.text)) return message;
  return message.slice(0, message.length - shown.text.length) + pythonText(shown.value);
}

/** A value as Python shows it: text in quotes, None, True, lists, and names of classes. */
export function pythonText(value: unknown, depth: number = SHOWN_DEPTH): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Number.isNaN(value) ? "nan" : `${value}`.replace("Infinity", "inf");
    case "boolean":
      return value ? "True" : "False";
    case "undefined":
      return "None";
    case "object":
      return value === null ? "None" : objectText(value, depth);
    default:
      return describeValue(value);
  }
}

function objectText(value: object, depth: number): string {
  if (depth === 0) return "…";
  if (Array.isArray(value)) return `[${listed(value, (each) => pythonText(each, depth - 1))}]`;
  if (ArrayBuffer.isView(value) && "length" in value) {
    const numbers = value as unknown as ArrayLike<number>;
    if (numbers.length > SHOWN_ELEMENTS) return `an array of ${numbers.length} numbers`;
    return `[${listed(Array.from(numbers), (each) => pythonText(each))}]`;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return describeValue(value);
  const entries = listed(
    Object.entries(value),
    ([key, each]) => `${quoted(snakeCase(key))}: ${pythonText(each, depth - 1)}`,
  );
  return `{${entries}}`;
}

function listed<Element>(
  elements: readonly Element[],
  text: (element: Element) => string,
): string {
  const shown = elements.slice(0, SHOWN_ELEMENTS).map(text);
  return shown.concat(elements.length > SHOWN_ELEMENTS ? ["…"] : []).join(", ");
}

function quoted(text: string): string {
  const short = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  const escaped = JSON.stringify(short).slice(1, -1).replaceAll('\\"', '"');
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`;
}
