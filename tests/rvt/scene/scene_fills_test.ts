import assert from "node:assert/strict";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material, sampledByFills } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { SceneFills } from "../../../src/rvt/scene/scene_fills.ts";
import { fillCycles } from "../../../src/rvt/source/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const ASSETS = ["A", "B", "C", "D"].map((name) => new RuntimeVirtualTexture({ name }));
/** A material that samples nothing, and one for each asset. */
const MATERIALS = [null, ...ASSETS].map((asset) =>
  new Material({
    name: asset === null ? "plain" : `copy of ${asset.name}`,
    domain: "virtual_texture",
    baseColor: asset === null ? [1, 0, 0] : e.runtimeVirtualTextureSample(asset).baseColor,
  })
);

function check(fills: SceneFills, components: Iterable<DecalComponent>): void {
  const writers = [...components].map(({ material, renderToVirtualTextures: assets }) => ({
    material,
    assets,
  }));
  const { cut } = fillCycles(sampledByFills(writers));
  for (const filled of ASSETS) {
    for (const sampled of ASSETS) {
      assert.equal(
        fills.isCut(filled, sampled),
        cut.get(filled)?.has(sampled) ?? false,
        `${filled.name} of ${sampled.name}`,
      );
    }
  }
}

/** Random edits of components, each of which is noted unless it is forgotten. */
function edit(
  fills: SceneFills,
  options: { seed: number; isForgotten: (step: number) => boolean },
) {
  const random = seededRandom(options.seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const someAssets = () => ASSETS.filter(() => random() < 0.35);
  const components = new Set<DecalComponent>();
  for (let step = 0; step < 150; step++) {
    let component = pick([...components]);
    const act = random();
    if (component === undefined || (act < 0.3 && components.size < 9)) {
      component = new DecalComponent({
        material: pick(MATERIALS),
        size: [1, 1],
        renderToVirtualTextures: someAssets(),
      });
      components.add(component);
    } else if (act < 0.5) components.delete(component);
    else if (act < 0.75) component.material = pick(MATERIALS);
    else component.renderToVirtualTextures = someAssets();
    if (options.isForgotten(step)) continue;
    const before = new Map(ASSETS.map((filled) => [filled, cutsOf(fills, filled)]));
    const changed = fills.note(component, components.has(component));
    const expected = ASSETS.filter((filled) => before.get(filled) !== cutsOf(fills, filled));
    assert.deepEqual(new Set(changed), new Set(expected));
    check(fills, components);
  }
}

function cutsOf(fills: SceneFills, filled: RuntimeVirtualTexture): string {
  return ASSETS.filter((sampled) => fills.isCut(filled, sampled)).map(({ name }) => name).join();
}

Deno.test("cycles followed change by change are those of a look at all", () => {
  const warnings: string[] = [];
  for (let seed = 1; seed <= 6; seed++) {
    edit(new SceneFills((message) => warnings.push(message)), { seed, isForgotten: () => false });
  }
  assert.ok(warnings.length > 10);
  assert.match(warnings[0]!, /Virtual textures depend on themselves: \w → /);
});

Deno.test("negative control: a change that is not noted is noticed", () => {
  assert.throws(() => {
    for (let seed = 1; seed <= 6; seed++) {
      edit(new SceneFills(() => {}), { seed, isForgotten: (step) => step % 5 === 4 });
    }
  }, assert.AssertionError);
});

Deno.test("a component that samples nothing is added whatever else there is", () => {
  const fills = new SceneFills(() => {});
  const decal = (material: Material, asset: RuntimeVirtualTexture) =>
    new DecalComponent({ material, size: [1, 1], renderToVirtualTextures: [asset] });
  const [plain, copyOfA] = MATERIALS as [Material, Material];
  const cyclic = decal(copyOfA, ASSETS[0]!);
  fills.note(cyclic, true);
  fills.assertMayAdd(decal(plain, ASSETS[0]!), () => assert.fail("nothing else is looked at"));
  assert.throws(() => fills.assertMayAdd(decal(copyOfA, ASSETS[0]!), () => []), {
    message: /^Cannot add decal "decal \d+" as the fill of A would depend on itself: A → A$/,
  });
});
