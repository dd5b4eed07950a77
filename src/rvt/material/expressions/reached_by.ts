/**
 * Walks over graphs.
 *
 * @module
 */

import type { Expression } from "./expression.ts";

/**
 * All nodes that some nodes reach, themselves included, each once and after its inputs. Does not enter
 * the functions that are called.
 *
 * @param inputsOf The inputs of a node that count; default all.
 */
export function reachedBy(
  roots: Iterable<Expression>,
  inputsOf: (node: Expression) => readonly Expression[] = allInputs,
): Expression[] {
  const reached = new Set<Expression>();
  // Nodes whose inputs are being visited, with the number of the next: chains may be long.
  const path: { readonly node: Expression; next: number }[] = [];
  for (const root of roots) {
    path.push({ node: root, next: 0 });
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const input = reached.has(top.node) ? undefined : inputsOf(top.node)[top.next++];
      if (input !== undefined) {
        path.push({ node: input, next: 0 });
        continue;
      }
      reached.add(top.node);
      path.pop();
    }
  }
  return [...reached];
}

function allInputs(node: Expression): readonly Expression[] {
  return node.inputs;
}
