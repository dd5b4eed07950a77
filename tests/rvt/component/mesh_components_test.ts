import assert from "node:assert/strict";
import {
  boxMesh,
  gridMesh,
  type Mesh,
  planeMesh,
  rotationAbout,
  type TransformOptions,
} from "../../../src/geometry/mod.ts";
import {
  AnimatedMeshComponent,
  InstancedStaticMeshComponent,
  SkeletalMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import {
  boxComplaints,
  changesDuring,
  differingThings,
  drawnVertices,
  FakeMaterial,
  makeDecal,
  makeMeshComponent,
} from "./scene_helpers.ts";

function randomPlace(random: () => number): TransformOptions {
  const number = (scale: number) => (random() - 0.5) * scale;
  return {
    position: [number(100), number(100), number(10)],
    rotation: rotationAbout([number(1), number(1), number(1) + 1], random() * 6),
    scale: [0.5 + random(), 0.5 + random(), 0.5 + random()],
  };
}

function makeInstances(instances: readonly TransformOptions[]): InstancedStaticMeshComponent {
  return new InstancedStaticMeshComponent({
    name: "stones",
    material: new FakeMaterial(),
    mesh: boxMesh(),
    instances,
  });
}

Deno.test("random edits of instances: the boxes hold exactly what differs", () => {
  const random = seededRandom(11);
  const component = makeInstances(Array.from({ length: 5 }, () => randomPlace(random)));
  const model: TransformOptions[] = [...component.instances];
  for (let round = 0; round < 120; round++) {
    const before = drawnVertices(component.draws());
    const index = Math.floor(random() * model.length);
    const place = randomPlace(random);
    const changes = changesDuring(component, () => {
      const kind = random();
      if (kind < 0.35) {
        component.addInstances([place]);
        model.push(place);
      } else if (kind < 0.6 && model.length > 0) {
        component.removeInstance(index);
        model.splice(index, 1);
      } else if (kind < 0.85 && model.length > 0) {
        component.updateInstance(index, place);
        model[index] = place;
      } else if (kind < 0.95) {
        component.transform = place;
      } else {
        model.splice(0, 2, place);
        component.instances = model;
      }
    });
    const things = differingThings(before, drawnVertices(component.draws()));
    assert.deepEqual(boxComplaints(changes.flatMap(({ boxes }) => boxes), things), []);
  }
  const fresh = makeInstances(model);
  fresh.transform = component.transform;
  assert.deepEqual(component.boxes(), fresh.boxes());
  assert.deepEqual(drawnVertices(component.draws()), drawnVertices(fresh.draws()));
});

Deno.test("an edit of one instance tells of one or two boxes among a thousand", () => {
  const random = seededRandom(12);
  const component = makeInstances(Array.from({ length: 1000 }, () => randomPlace(random)));
  const count = (act: () => void) => changesDuring(component, act).flatMap((c) => c.boxes).length;
  assert.equal(count(() => component.updateInstance(500, { position: [1, 2, 3] })), 2);
  assert.equal(count(() => component.updateInstance(500, { position: [1, 2, 3] })), 0);
  assert.equal(count(() => component.removeInstance(20)), 1);
  assert.equal(count(() => void component.addInstances([{}])), 1);
  assert.equal(count(() => component.instances = [...component.instances]), 0);
});

Deno.test("negative control: boxes of the wrong instance are found", () => {
  const component = makeInstances([{ position: [0, 0, 0] }, { position: [9, 0, 0] }]);
  const before = drawnVertices(component.draws());
  const [first, second] = component.boxes();
  component.removeInstance(1);
  const things = differingThings(before, drawnVertices(component.draws()));
  assert.deepEqual(boxComplaints([second!], things), []);
  assert.ok(boxComplaints([first!], things).length > 0);
  assert.ok(boxComplaints([first!, second!], things).length > 0);
});

Deno.test("without instances there are no boxes and no draws, and that is no error", () => {
  const component = makeInstances([]);
  assert.deepEqual(component.boxes(), []);
  assert.deepEqual(component.draws(), []);
  assert.equal(component.addInstances([{}, {}]), 0);
  assert.equal(component.draws()[0]?.kind, "mesh");
});

Deno.test("draws and boxes that were handed out stay what they were", () => {
  const component = makeInstances([{}, { position: [5, 0, 0] }]);
  const [draws, boxes] = [component.draws(), component.boxes()];
  const copy = structuredClone([drawnVertices(draws), boxes]);
  component.updateInstance(0, { position: [1, 1, 1] });
  component.removeInstance(1);
  assert.deepEqual([drawnVertices(draws), boxes], copy);
});

Deno.test("LODs are drawn as asked for, and the box holds them all", () => {
  const lods = [gridMesh({ quads: [4, 4] }), planeMesh({ size: [1, 2] })];
  const component = makeMeshComponent({ mesh: lods });
  assert.equal(component.lodCount, 2);
  lods.forEach((mesh, lod) => {
    const [draw] = component.draws(lod);
    assert.ok(draw?.kind === "mesh");
    assert.equal(draw.mesh, mesh);
  });
  assert.deepEqual(component.boxes()[0]!.axes.map((axis) => Math.hypot(...axis)), [0.5, 1, 0]);
});

Deno.test("a new mesh tells of the old box and the new one", () => {
  const component = makeMeshComponent();
  const before = drawnVertices(component.draws());
  const [change] = changesDuring(component, () => component.lods = boxMesh({ size: [3, 4, 5] }));
  const things = differingThings(before, drawnVertices(component.draws()));
  assert.deepEqual(boxComplaints(change!.boxes, things), []);
  assert.deepEqual(changesDuring(component, () => component.lods = [...component.lods]), []);
});

Deno.test("a decal is a rectangle in its own xy plane, whose size can change", () => {
  const decal = makeDecal({ size: [4, 2] });
  assert.deepEqual(decal.boxes()[0], {
    center: [0, 0, 0],
    axes: [[2, 0, 0], [0, 1, 0], [0, 0, 0]],
  });
  const before = drawnVertices(decal.draws());
  const [change] = changesDuring(decal, () => decal.size = [6, 1]);
  const things = differingThings(before, drawnVertices(decal.draws()));
  assert.deepEqual(boxComplaints(change!.boxes, things), []);
  assert.deepEqual(decal.size, [6, 1]);
  assert.deepEqual(changesDuring(decal, () => decal.size = [6, 1]), []);
});

Deno.test("skeletal and animated meshes are accepted with a warning that names them", () => {
  const material = new FakeMaterial();
  const hero = new SkeletalMeshComponent({ name: "hero", material, mesh: boxMesh() });
  assert.match(hero.warnings().join(), /skeletal mesh "hero" is rendered in its bind pose/);
  const frames = [boxMesh(), boxMesh({ size: [2, 2, 2] })];
  const flag = new AnimatedMeshComponent({ name: "flag", material, frames, mobility: "movable" });
  assert.equal(flag.warnings().length, 2);
  const before = drawnVertices(flag.draws());
  const [change] = changesDuring(flag, () => flag.frame = 1);
  const things = differingThings(before, drawnVertices(flag.draws()));
  assert.deepEqual(boxComplaints(change!.boxes, things), []);
});

Deno.test("bad meshes, instances, sizes and frames are refused by name, and change nothing", () => {
  const material = new FakeMaterial();
  const broken = { ...planeMesh(), indices: Uint32Array.of(0, 1, 9) } as Mesh;
  const mesh = planeMesh();
  assert.throws(() => makeMeshComponent({ mesh: [] }), { argument: "mesh" });
  assert.throws(() => makeMeshComponent({ mesh: null as unknown as Mesh }), { argument: "mesh" });
  assert.throws(() => makeMeshComponent({ mesh: [mesh, broken] }), { argument: "indices" });
  assert.throws(() => makeDecal({ size: [0, 1] }), { argument: "size" });
  assert.throws(() => makeDecal(null as unknown as object).size = [1], { argument: "size" });
  assert.throws(() => new AnimatedMeshComponent({ material, frames: [] }), { argument: "frames" });
  const flag = new AnimatedMeshComponent({ material, frames: [mesh] });
  assert.throws(() => flag.frame = 1, { argument: "frame", code: "out-of-range" });
  const component = makeInstances([{}]);
  const boxes = component.boxes();
  const acts: readonly [() => void, string][] = [
    [() => component.updateInstance(1, {}), "index"],
    [() => component.removeInstance(-1), "index"],
    [() => component.updateInstance(0, { position: [NaN, 0, 0] }), "position"],
    [() => void component.addInstances([{}, { scale: [1, 1, 0] }]), "scale"],
    [
      () =>
        void component.addInstances([{}, { position: [1.7e308, 0, 0], scale: [1.7e308, 1, 1] }]),
      "transform",
    ],
    [() => component.instances = 3 as never, "instances"],
    [() => component.lods = broken, "indices"],
    [() => component.draws(-1), "lod"],
  ];
  const changes = changesDuring(component, () => {
    for (const [act, argument] of acts) {
      assert.throws(act, { argument, message: /instanced static mesh "stones"/ }, argument);
    }
  });
  assert.deepEqual(changes, []);
  assert.equal(component.instances.length, 1);
  assert.deepEqual(component.boxes(), boxes);
});
