import { soak } from "./held_objects_soak.ts";

Deno.test("after a thousand random edits a scene holds as much as one that is made from scratch", async () => {
  for (const seed of [1, 2, 3]) await soak(seed, { edits: 40, rounds: 8 });
});
