/**
 * JSON that nobody can change. Pure.
 *
 * @module
 */

/** Elements of projects, which are frozen as a whole. */
const frozenElements = new WeakSet<object>();

/**
 * A list of elements that nobody can change: copies, but for those that are of a list of this kind.
 *
 * @param elements Have the shapes of JSON, so that they nest as deep as those do.
 */
export function frozenList<Element>(elements: readonly Element[]): readonly Element[] {
  return Object.freeze(elements.map((element) => {
    if (typeof element !== "object" || element === null) return element;
    if (frozenElements.has(element)) return element;
    const frozen = frozenCopy(element) as Element & object;
    frozenElements.add(frozen);
    return frozen;
  }));
}

/** Copies a value with all that lies in it, and freezes the copy. */
export function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as Value;
  const copy: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    // A field of that name, and no prototype.
    if (name === "__proto__") Object.defineProperty(copy, name, { value: one, enumerable: true });
    else copy[name] = frozenCopy(one);
  }
  return Object.freeze(copy) as Value;
}
