/**
 * Which components are drawn above which.
 *
 * @module
 */

/** What the order of components depends on. */
export interface Sortable {
  /** Smaller ones are drawn first, at the bottom. */
  readonly translucencySortPriority: number;
  /** Orders those of one priority: components that were made, or deferred, earlier first. */
  readonly order: number;
}

/** Compares two components for sorting: below 0 if the first is drawn first. */
export function compareComponents(a: Sortable, b: Sortable): number {
  return a.translucencySortPriority - b.translucencySortPriority || a.order - b.order;
}

/** Components in the order in which they are drawn. */
export function inSortOrder<Component extends Sortable>(
  components: Iterable<Component>,
): Component[] {
  return [...components].sort(compareComponents);
}
