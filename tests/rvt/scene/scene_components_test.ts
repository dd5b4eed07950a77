import assert from "node:assert/strict";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { AnimatedMeshComponent, DecalComponent } from "../../../src/rvt/component/mod.ts";
import {
  expressions as e,
  Material,
  MaterialInstance,
  sampledByFills,
} from "../../../src/rvt/material/mod.ts";
import { SceneComponents } from "../../../src/rvt/scene/scene_components.ts";
import { SceneFills } from "../../../src/rvt/scene/scene_fills.ts";
import { fillCycles } from "../../../src/rvt/source/mod.ts";
import { planeMesh } from "../../../src/geometry/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const ASSETS = ["A", "B", "C"].map((name) => new RuntimeVirtualTexture({ name }));
const [A, B, C] = ASSETS as [RuntimeVirtualTexture, RuntimeVirtualTexture, RuntimeVirtualTexture];
const PLAIN = new Material({ name: "plain", domain: "virtual_texture", baseColor: 1 });

function copyOf(asset: RuntimeVirtualTexture): Material {
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  return new Material({ name: `copy of ${asset.name}`, domain: "virtual_texture", baseColor });
}

function decalOf(material: Material | MaterialInstance, assets = [A]): DecalComponent {
  return new DecalComponent({ name: "road", material, renderToVirtualTextures: assets });
}

/** Fills that refuse no change of a component. */
class LenientFills extends SceneFills {
  override assertMayChange(): void {}
}

/** The components of a scene without a device, and what it warns of. */
function makeScene(Fills: typeof SceneFills = SceneFills) {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const fills = new Fills(warn);
  const components = new SceneComponents(
    { meshesReplaced() {}, landscapeReleased() {}, materialReleased() {} },
    { fills, warn },
  );
  const add = (component: DecalComponent) => {
    components.add(component, () => void fills.note(component, true));
    fills.note(component, true);
  };
  return { components, warnings, add };
}

function hasCycle(
  components: Iterable<Pick<DecalComponent, "material" | "renderToVirtualTextures">>,
) {
  const writers = [...components].map(({ material, renderToVirtualTextures: assets }) => ({
    material,
    assets,
  }));
  return fillCycles(sampledByFills(writers)).names.length > 0;
}

/** Changes components at random; fails unless those changes alone are refused that close a cycle. */
function changeAtRandom(scene: ReturnType<typeof makeScene>, seed: number): number {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const materials = [PLAIN, ...ASSETS.map(copyOf)];
  const decals = Array.from({ length: 4 }, () => decalOf(PLAIN, []));
  decals.forEach(scene.add);
  let refused = 0;
  for (let step = 0; step < 60; step++) {
    const decal = pick(decals);
    const { material, renderToVirtualTextures } = decal;
    const change = random() < 0.5
      ? { material: pick(materials) }
      : { renderToVirtualTextures: ASSETS.filter(() => random() < 0.5) };
    const next = { material, renderToVirtualTextures, ...change };
    if (hasCycle([...decals.filter((other) => other !== decal), next])) {
      refused++;
      assert.throws(() => Object.assign(decal, change), {
        name: "OutOfRangeError",
        message:
          /^Cannot change decal "road" as the fill of (\w) would depend on itself: \1 →.* \1$/,
      });
      assert.equal(decal.material, material);
      assert.equal(decal.renderToVirtualTextures, renderToVirtualTextures);
    } else Object.assign(decal, change);
  }
  assert.deepEqual(scene.warnings, []);
  return refused;
}

Deno.test("a component refuses the materials and textures that close a cycle in its scene, and no others", () => {
  let refused = 0;
  for (let seed = 1; seed <= 5; seed++) refused += changeAtRandom(makeScene(), seed);
  assert.ok(refused > 20, `${refused} refused`);
});

Deno.test("negative control: a scene that is not asked lets cycles come about", () => {
  assert.throws(() => changeAtRandom(makeScene(LenientFills), 1), assert.AssertionError);
});

Deno.test("a component asks each scene that holds it, as long as it does", () => {
  const [one, other] = [makeScene(), makeScene()];
  const decal = decalOf(PLAIN);
  decal.material = copyOf(A);
  decal.material = PLAIN;
  one.add(decal);
  other.add(decal);
  other.add(decalOf(copyOf(A), [B]));
  assert.throws(() => decal.material = copyOf(B), /: A → B → A$/);
  other.components.remove(decal);
  decal.material = copyOf(B);
  assert.throws(() => decal.renderToVirtualTextures = [A, B], /: B → B$/);
  one.components.remove(decal);
  decal.renderToVirtualTextures = [A, B];
});

Deno.test("a cycle that a material's edit has made is warned of, and setters can mend it", () => {
  const { add, warnings } = makeScene();
  const { baseColor } = e.runtimeVirtualTextureSampleParameter("below", C);
  const instance = new MaterialInstance(
    new Material({ name: "any", domain: "virtual_texture", baseColor }),
    { name: "instance" },
  );
  const decal = decalOf(instance);
  add(decal);
  instance.setRuntimeVirtualTexture("below", A);
  assert.match(warnings.join(), /A → A/);
  // Nothing that was not there before.
  decal.material = copyOf(A);
  decal.renderToVirtualTextures = [A, B];
  assert.throws(() => decal.material = copyOf(B), /: B → B$/);
  decal.material = copyOf(C);
  assert.throws(() => decal.material = copyOf(A), /: A → A$/);
});

Deno.test("scenes take assets alone as textures to be rendered to, not their settings", () => {
  const { add, components } = makeScene();
  const settings = { name: "Ground", materialType: "base_color" } as const;
  const said = (act: string) => ({
    name: "InvalidArgumentError",
    message: `Cannot ${act} decal "road" as "Ground" of renderToVirtualTextures must be a ` +
      "RuntimeVirtualTexture: current value is Object",
  });
  const wrong = new DecalComponent({
    name: "road",
    material: PLAIN,
    renderToVirtualTextures: [A, settings],
  });
  assert.throws(() => add(wrong), said("add"));
  assert.deepEqual(components.all, []);
  const right = decalOf(PLAIN);
  add(right);
  assert.throws(() => right.renderToVirtualTextures = [settings], said("change"));
  assert.deepEqual(right.renderToVirtualTextures, [A]);
});

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
