import assert from "node:assert/strict";
import { AnimatedMeshComponent, DecalComponent } from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { SceneComponents } from "../../../src/rvt/scene/scene_components.ts";
import { planeMesh } from "../../../src/geometry/mod.ts";

const PLAIN = new Material({ name: "plain", domain: "virtual_texture", baseColor: 1 });

function decalOf(material: Material): DecalComponent {
  return new DecalComponent({ name: "road", material });
}

/** The components of a scene without a device, and what it warns of. */
function makeScene() {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const components = new SceneComponents(
    { meshesReplaced() {}, landscapeReleased() {}, materialReleased() {} },
    { warn },
  );
  const add = (component: DecalComponent) => components.add(component, () => {});
  return { components, warnings, add };
}

Deno.test("a component that becomes movable in a scene is warned of, once", () => {
  const { add, components, warnings } = makeScene();
  const decal = decalOf(PLAIN);
  add(decal);
  assert.deepEqual(warnings, []);
  decal.mobility = "static";
  assert.deepEqual(warnings, []);
  for (const mobility of ["movable", "movable", "static", "movable"] as const) {
    decal.mobility = mobility;
  }
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^decal "road" is movable: /);
  components.remove(decal);
  decal.mobility = "static";
  decal.mobility = "movable";
  assert.equal(warnings.length, 1, "it is in no scene");
  add(decal);
  decal.mobility = "static";
  decal.mobility = "movable";
  assert.equal(warnings.length, 2, "it was told when it was added");
});

Deno.test("what was warned of when a component was added is not told again with its mobility", () => {
  const { components, warnings } = makeScene();
  const flag = new AnimatedMeshComponent({ name: "flag", material: PLAIN, frames: [planeMesh()] });
  components.add(flag, () => {});
  flag.mobility = "movable";
  assert.equal(warnings.length, 2);
  assert.match(warnings[0]!, /"flag" is animated/);
  assert.match(warnings[1]!, /"flag" is movable/);
});
