import assert from "node:assert/strict";
import {
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  type PrimitiveComponent,
} from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { HeldObjectsCount } from "../scene/held_objects.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";

const material = new Material({ name: "ground", domain: "virtual_texture", baseColor: [1, 1, 1] });
const SAMPLES = 9;

function landscape(): LandscapeComponent {
  return new LandscapeComponent({
    material,
    width: SAMPLES,
    height: SAMPLES,
    heights: new Float32Array(SAMPLES ** 2),
  });
}

/** What lies on a landscape. */
function followers(land: LandscapeComponent) {
  const spline = new LandscapeSplineComponent({
    material,
    landscape: land,
    quadsAlong: 2,
    points: [1, 4, 7].map((x) => ({ position: [x, 4, 0], width: 1 })),
  });
  const foliage = new FoliageComponent({
    material,
    scatter: { seed: 4, region: { min: [0, 0], max: [8, 8] }, count: 9, onto: land },
  });
  return { spline, foliage };
}

type World = ReturnType<typeof followers> & { readonly land: LandscapeComponent };

/** Edits of a landscape and of what lies on it, by a number from 0 to 1. */
const EDITS: Readonly<Record<string, (world: World, share: number) => void>> = {
  heights({ land }, share) {
    const x = Math.floor(share * (SAMPLES - 1));
    land.setHeights({ x, y: 3, width: 2, height: 2 }, [share, 1, 0.5, share]);
  },
  move({ land }, share) {
    land.transform = { position: [share, 0, share] };
  },
  point({ spline }, share) {
    spline.updatePoint(1, { position: [4, 3 + share, 0], width: 1 });
  },
  transform({ spline, foliage }, share) {
    spline.transform = { position: [0, share, 0] };
    foliage.transform = { position: [share / 4, 0, 0] };
  },
  instance({ foliage }, share) {
    if (share < 0.2) foliage.updateInstance(0, { position: [1, 1, share] });
  },
  added({ foliage }, share) {
    if (share < 0.1) foliage.addInstances([{ position: [2, 2, share] }]);
  },
  removed({ foliage }, share) {
    if (share < 0.1 && foliage.instances.length > 3) foliage.removeInstance(1);
  },
  scatter({ foliage }, share) {
    if (share < 0.3) foliage.scatter = { ...foliage.scatter, seed: Math.floor(share * 100) };
  },
};

/** What a component draws and where. */
function drawn(component: PrimitiveComponent): unknown {
  return {
    boxes: component.boxes(),
    draws: component.draws(0).map((draw) =>
      draw.kind === "mesh"
        ? [draw.mesh.positions, draw.instances.map((one) => [...one as never])]
        : []
    ),
    instances: component instanceof InstancedStaticMeshComponent ? component.instances : [],
  };
}

Deno.test("what lies on a landscape is the same, whether somebody listens to it or not", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = seededRandom(seed);
    const makeWorld = () => {
      const land = landscape();
      return { land, ...followers(land) };
    };
    const [followed, unheard, now] = [makeWorld(), makeWorld(), makeWorld()];
    const components = ({ spline, foliage }: World) => [spline, foliage];
    for (const one of components(followed)) one.subscribe(() => {});
    const names: string[] = [];
    for (let i = 0; i < 12; i++) {
      const name = Object.keys(EDITS)[Math.floor(random() * Object.keys(EDITS).length)]!;
      const share = random();
      names.push(name);
      for (const world of [followed, unheard, now]) EDITS[name]!(world, share);
      // Some that nobody listens to are looked at after each edit, others at the end.
      for (const [k, one] of components(now).entries()) {
        assert.deepEqual(drawn(one), drawn(components(followed)[k]!), `seed ${seed}: ${names}`);
      }
    }
    for (const [k, one] of components(unheard).entries()) {
      let told = 0;
      one.subscribe(() => told++);
      assert.deepEqual(drawn(one), drawn(components(followed)[k]!), `seed ${seed}: ${names}`);
      assert.equal(told, 0, "what was missed is news to nobody");
    }
  }
});

Deno.test("a landscape and its material hold nothing that nobody listens to", async () => {
  using device = await requestDevice();
  const counter = new HeldObjectsCount(device);
  const land = landscape();
  const before = counter.count().get("subscriptions")!;
  const stops = Object.values(followers(land)).map((one) => one.subscribe(() => {}));
  // Each with its listener, its own of the landscape and its own of its material; the landscape's of its own.
  assert.equal(counter.count().get("subscriptions"), before + 7, "negative control");
  for (const stop of stops) stop();
  assert.equal(counter.count().get("subscriptions"), before);
});
