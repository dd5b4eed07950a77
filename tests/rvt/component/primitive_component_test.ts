import assert from "node:assert/strict";
import { type OrientedBox, planeMesh, rotationAbout } from "../../../src/geometry/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  type ComponentSettings,
  LandscapeComponent,
  type PrimitiveComponent,
} from "../../../src/rvt/component/mod.ts";
import {
  expressions as e,
  Material,
  MaterialInstance,
  type MaterialInterface,
} from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import {
  boxComplaints,
  changesDuring,
  differingThings,
  drawnVertices,
  FakeMaterial,
  fakeTexture,
  makeDecal,
  makeMeshComponent,
} from "./scene_helpers.ts";

/** Everything that a caller can see of a component. */
function stateOf(component: PrimitiveComponent): unknown {
  const { name, id, material, transform, renderToVirtualTextures, drawInMainPass } = component;
  const { virtualTextureLodBias, virtualTextureSkipMips, virtualTextureMinCoverage } = component;
  const { translucencySortPriority, mobility, lodCount } = component;
  const settings = [virtualTextureLodBias, virtualTextureSkipMips, virtualTextureMinCoverage];
  const draws = component.draws();
  return structuredClone([
    [name, id, material.name, transform, renderToVirtualTextures, drawInMainPass, ...settings],
    [translucencySortPriority, mobility, lodCount, component.boxes(), drawnVertices(draws)],
  ]);
}

Deno.test("ids ascend in the order in which components were made, and names have a default", () => {
  const ids = Array.from({ length: 5 }, () => makeMeshComponent().id);
  ids.slice(1).forEach((id, i) => assert.ok(id > ids[i]!));
  const decal = makeDecal();
  assert.equal(decal.name, `decal ${decal.id}`);
  assert.equal(makeMeshComponent({ name: "rock" }).label, 'static mesh "rock"');
});

Deno.test("without options a component has the documented settings", () => {
  const component = makeMeshComponent();
  assert.deepEqual(component.renderToVirtualTextures, []);
  assert.equal(component.drawInMainPass, "from_virtual_texture");
  assert.equal(component.virtualTextureLodBias, 0);
  assert.equal(component.virtualTextureSkipMips, 0);
  assert.equal(component.virtualTextureMinCoverage, null);
  assert.equal(component.translucencySortPriority, 0);
  assert.equal(component.mobility, "static");
  assert.equal(makeDecal().drawInMainPass, "never");
});

Deno.test("a moved component tells of its old place and its new one, and of nothing else", () => {
  const component = makeMeshComponent();
  const before = drawnVertices(component.draws());
  const changes = changesDuring(component, () => {
    component.transform = {
      position: [100, 20, 3],
      rotation: rotationAbout([1, 2, 3], 1),
      scale: [2, 3, 4],
    };
  });
  assert.equal(changes.length, 1);
  const things = differingThings(before, drawnVertices(component.draws()));
  assert.equal(things.length, 2);
  assert.equal(changes[0]!.boxes.length, 2);
  assert.deepEqual(boxComplaints(changes[0]!.boxes, things), []);
});

Deno.test("negative control: a change without the old place, or with one too many, is found", () => {
  const component = makeMeshComponent();
  const before = drawnVertices(component.draws());
  const old = component.boxes()[0]!;
  component.transform = { position: [10, 0, 0] };
  const now = component.boxes()[0]!;
  const things = differingThings(before, drawnVertices(component.draws()));
  assert.deepEqual(boxComplaints([old, now], things), []);
  const elsewhere: OrientedBox = { ...now, center: [5, 0, 0] };
  const loose: OrientedBox = { ...now, axes: [[5, 0, 0], now.axes[1], now.axes[2]] };
  for (const wrong of [[now], [old], [old, now, elsewhere], [old, loose]]) {
    assert.ok(boxComplaints(wrong, things).length > 0);
  }
});

Deno.test("each setting that changes tiles tells of the component's boxes, once", () => {
  const textures = [fakeTexture("a")];
  const component = makeMeshComponent({ renderToVirtualTextures: textures });
  const other = new FakeMaterial("moss");
  const acts: (() => void)[] = [
    () => component.material = other,
    () => component.virtualTextureLodBias = 2,
    () => component.virtualTextureSkipMips = 3,
    () => component.virtualTextureMinCoverage = 3,
    () => component.virtualTextureMinCoverage = null,
    () => component.translucencySortPriority = -7,
  ];
  for (const act of acts) {
    const expected = [{ boxes: component.boxes(), renderToVirtualTextures: textures }];
    assert.deepEqual(changesDuring(component, act), expected, String(act));
    assert.deepEqual(changesDuring(component, act), [], `${act}, again`);
  }
});

Deno.test("the main pass and mobility change no tile", () => {
  const component = makeMeshComponent();
  assert.deepEqual(
    changesDuring(component, () => {
      component.drawInMainPass = "never";
      component.mobility = "movable";
    }),
    [],
  );
});

Deno.test("a change of the list of textures tells of those that came or went", () => {
  const [a, b, c] = [fakeTexture("a"), fakeTexture("b"), fakeTexture("c")];
  const component = makeMeshComponent({ renderToVirtualTextures: [a, b] });
  const changes = changesDuring(component, () => component.renderToVirtualTextures = [b, c]);
  const names = changes[0]!.renderToVirtualTextures.map(({ name }) => name);
  assert.deepEqual(names.sort(), ["a", "c"]);
  assert.deepEqual(changes[0]!.boxes, component.boxes());
  assert.deepEqual(changesDuring(component, () => component.renderToVirtualTextures = [c, b]), []);
});

Deno.test("the material's changes are the component's, as long as somebody listens", () => {
  const material = new FakeMaterial();
  const component = makeMeshComponent({ material });
  assert.equal(material.listenerCount, 0);
  assert.equal(changesDuring(component, () => material.change()).length, 1);
  assert.equal(material.listenerCount, 0);
  const other = new FakeMaterial();
  const changes = changesDuring(component, () => {
    component.material = other;
    material.change();
    other.change();
  });
  assert.equal(changes.length, 2);
  assert.equal(other.listenerCount, 0);
});

Deno.test("a listener that is added twice is called twice, and each ends alone", () => {
  const component = makeMeshComponent();
  let calls = 0;
  const listener = () => void calls++;
  const ends = [component.subscribe(listener), component.subscribe(listener)];
  component.translucencySortPriority = 1;
  ends[0]!();
  ends[0]!();
  component.translucencySortPriority = 2;
  ends[1]!();
  component.translucencySortPriority = 3;
  assert.equal(calls, 3);
});

Deno.test("a movable component is accepted with a warning", () => {
  const component = makeMeshComponent({ name: "door", mobility: "movable" });
  assert.match(component.warnings().join(), /static mesh "door" is movable/);
  assert.deepEqual(makeMeshComponent().warnings(), []);
});

Deno.test("wrong values are refused by name when a component is made, and when it is changed", () => {
  const texture = fakeTexture();
  const cases: readonly [keyof ComponentSettings | "transform" | "material", unknown, string][] = [
    ["material", null, "invalid-argument"],
    ["material", {}, "invalid-argument"],
    ["transform", { position: [NaN, 0, 0] }, "out-of-range"],
    ["transform", { position: [0, 0] }, "invalid-argument"],
    ["transform", { scale: [1, 0, 1] }, "out-of-range"],
    ["transform", { rotation: [0, 0, 0, 0] }, "out-of-range"],
    ["transform", { scale: [1.7e308, 1, 1], position: [1.7e308, 0, 0] }, "out-of-range"],
    ["transform", { where: 1 }, "invalid-argument"],
    ["renderToVirtualTextures", texture, "invalid-argument"],
    ["renderToVirtualTextures", [{ name: "a", materialType: "paint" }], "invalid-argument"],
    ["renderToVirtualTextures", [texture, texture], "out-of-range"],
    ["drawInMainPass", "sometimes", "out-of-range"],
    ["drawInMainPass", 1, "invalid-argument"],
    ["virtualTextureLodBias", 0.5, "out-of-range"],
    ["virtualTextureLodBias", "1", "invalid-argument"],
    ["virtualTextureSkipMips", -1, "out-of-range"],
    ["virtualTextureMinCoverage", NaN, "out-of-range"],
    ["virtualTextureMinCoverage", "off", "invalid-argument"],
    ["translucencySortPriority", 1.5, "out-of-range"],
    ["translucencySortPriority", 2 ** 31, "out-of-range"],
    ["mobility", "fast", "out-of-range"],
  ];
  const size = 4;
  for (const [name, value, code] of cases) {
    const mesh = planeMesh({ size: [size, size] });
    const component = makeMeshComponent({ name: "rock", mesh });
    const before = stateOf(component);
    const said = (act: string) => ({ code, message: new RegExp(`^Cannot ${act}.*"rock" as `) });
    const changes = changesDuring(component, () =>
      assert.throws(
        () => (component as unknown as Record<string, unknown>)[name] = value,
        said("change"),
        `${name} = ${value}`,
      ));
    assert.deepEqual(changes, []);
    assert.deepEqual(stateOf(component), before, name);
    assert.throws(() => makeMeshComponent({ name: "rock", mesh, [name]: value }), said("make"));
  }
});

Deno.test("what can be subscribed to is not therefore a material", () => {
  const asset = new RuntimeVirtualTexture({ name: "ground" });
  const landscape = new LandscapeComponent({
    material: new FakeMaterial(),
    width: 2,
    height: 2,
    heights: [0, 0, 0, 0],
  });
  const others = {
    asset,
    volume: new RuntimeVirtualTextureVolume(asset),
    component: makeMeshComponent(),
    landscape,
    function: e.materialFunction("f", { inputs: {}, build: () => ({ result: e.constant(1) }) }),
    graph: new Material({ name: "soil" }).graph,
    expression: e.constant(1),
    prototype: { subscribe: () => () => {}, name: "soil", revision: 0, graph: {}, overrides: {} },
  };
  const component = makeMeshComponent({ name: "wall" });
  const { material } = component;
  for (const [what, value] of Object.entries(others)) {
    const said = (act: string) => ({
      code: "invalid-argument",
      message: new RegExp(
        `^Cannot ${act} static mesh "wall" as material must be a Material or a MaterialInstance: ` +
          "current value is ",
      ),
    });
    const wrong = value as unknown as MaterialInterface;
    assert.throws(() => makeMeshComponent({ name: "wall", material: wrong }), said("make"), what);
    assert.throws(() => component.material = wrong, said("change"), what);
    assert.equal(component.material, material);
  }
  const soil = new Material({ name: "soil" });
  for (const right of [soil, new MaterialInstance(soil, { name: "wet soil" })]) {
    component.material = right;
    assert.equal(makeMeshComponent({ material: right }).material, component.material);
  }
});

Deno.test("unknown options, names that are not texts, and LODs that are missing are refused", () => {
  assert.throws(() => makeMeshComponent({ colour: 1 } as object), { argument: "colour" });
  assert.throws(() => makeMeshComponent({ name: 3 as unknown as string }), { argument: "name" });
  const component = makeMeshComponent();
  assert.throws(() => component.draws(1), { argument: "lod", code: "out-of-range" });
  assert.throws(() => component.draws("0" as unknown as number), { argument: "lod" });
  assert.throws(() => component.subscribe(null as unknown as () => void), {
    argument: "listener",
  });
});
