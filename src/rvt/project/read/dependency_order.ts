/**
 * An order in which each thing stands after those that it needs. Pure, and without recursion: what
 * strangers write may nest deep.
 *
 * @module
 */

/** Things in an order that works, or the names along a cycle. */
export type DependencyOrder =
  | { readonly order: readonly string[] }
  | { readonly cycle: readonly string[] };

/**
 * Finds the order.
 *
 * @param names Of all things that are wanted; what they need comes, too.
 * @param needsOf Names that a thing needs.
 * @returns The cycle begins and ends with the same name.
 */
export function dependencyOrder(
  names: Iterable<string>,
  needsOf: (name: string) => Iterable<string>,
): DependencyOrder {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  for (const root of names) {
    if (state.has(root)) continue;
    state.set(root, "open");
    const stack = [{ name: root, needs: needsOf(root)[Symbol.iterator]() }];
    while (stack.length > 0) {
      const { name, needs } = stack.at(-1)!;
      const next = needs.next();
      if (next.done === true) {
        state.set(name, "done");
        order.push(name);
        stack.pop();
        continue;
      }
      const known = state.get(next.value);
      if (known === "open") {
        const from = stack.findIndex((entry) => entry.name === next.value);
        return { cycle: [...stack.slice(from).map((entry) => entry.name), next.value] };
      }
      if (known === "done") continue;
      state.set(next.value, "open");
      stack.push({ name: next.value, needs: needsOf(next.value)[Symbol.iterator]() });
    }
  }
  return { order };
}
