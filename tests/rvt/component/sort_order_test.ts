import assert from "node:assert/strict";
import { inSortOrder } from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { makeDecal, makeMeshComponent } from "./scene_helpers.ts";

Deno.test("smaller priorities are drawn first, and earlier components first among equals", () => {
  const random = seededRandom(3);
  const components = Array.from({ length: 60 }, () => {
    const translucencySortPriority = Math.floor(random() * 5) - 2;
    return random() < 0.5
      ? makeDecal({ translucencySortPriority })
      : makeMeshComponent({ translucencySortPriority });
  });
  const shuffled = components.map((component) => ({ component, key: random() }))
    .sort((a, b) => a.key - b.key).map(({ component }) => component);
  const sorted = inSortOrder(shuffled);
  assert.equal(new Set(sorted).size, components.length);
  sorted.slice(1).forEach((component, i) => {
    const below = sorted[i]!;
    const [a, b] = [below.translucencySortPriority, component.translucencySortPriority];
    assert.ok(a < b || (a === b && below.order < component.order));
  });
});
