import assert from "node:assert/strict";
import { planeMesh } from "../../../src/geometry/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  SkeletalMeshComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import {
  expressions as e,
  Material,
  MaterialInstance,
  MaterialTexture,
} from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";

type Options = Readonly<Record<string, unknown>>;

/** What can be made with a name. */
interface Named {
  /** What messages call it. */
  readonly kind: string;
  readonly make: (options: never) => unknown;
  /** Options that are right, without a name. */
  readonly right: Options;
  /** Values of its options that are wrong. */
  readonly wrong: Options;
}

const material = new Material({ name: "soil" });
const mesh = planeMesh();
const scatter = { seed: 1, region: { min: [0, 0], max: [1, 1] }, count: 3 };
const points = [{ position: [0, 0, 0], width: 1 }, { position: [1, 0, 0], width: 1 }];
const samples = { width: 2, height: 2, heights: [0, 0, 0, 0] };
const texels = { width: 1, height: 1, texels: new Uint8Array(4) };
const OF_COMPONENTS = { material: 1, transform: 1, drawInMainPass: 1, mobility: 1 };

const OWN_OPTIONS: readonly Named[] = [
  {
    kind: "static mesh",
    make: (options) => new StaticMeshComponent(options),
    right: { mesh },
    wrong: { mesh: [] },
  },
  {
    kind: "skeletal mesh",
    make: (options) => new SkeletalMeshComponent(options),
    right: { mesh },
    wrong: { mesh: {} },
  },
  {
    kind: "animated mesh",
    make: (options) => new AnimatedMeshComponent(options),
    right: { frames: [mesh] },
    wrong: { frames: [] },
  },
  {
    kind: "instanced static mesh",
    make: (options) => new InstancedStaticMeshComponent(options),
    right: { mesh },
    wrong: { mesh: null, instances: 1 },
  },
  {
    kind: "decal",
    make: (options) => new DecalComponent(options),
    right: {},
    wrong: { size: [0, 1] },
  },
  {
    kind: "foliage",
    make: (options) => new FoliageComponent(options),
    right: { scatter },
    wrong: { scatter: { ...scatter, count: -1 }, mesh: 1 },
  },
  {
    kind: "landscape",
    make: (options) => new LandscapeComponent(options),
    right: samples,
    wrong: { width: 1, heights: [0], layers: 1, sectionQuads: 0, virtualTextureNumLods: -1 },
  },
  {
    kind: "landscape spline",
    make: (options) => new LandscapeSplineComponent(options),
    right: { points },
    wrong: { points: [], landscape: 1, quadsAlong: 0, quadsAcross: 0, landscapeOffset: NaN },
  },
];

const COMPONENTS = OWN_OPTIONS.map((component) => ({
  ...component,
  right: { material, ...component.right },
  wrong: { ...component.wrong, ...OF_COMPONENTS },
}));

const OTHERS: readonly Named[] = [
  {
    kind: "material",
    make: (options) => new Material(options),
    right: { baseColor: 1 },
    wrong: { baseColor: "red", roughness: [1, 2], domain: "sky", twoSided: 1, rvtOutput: 1 },
  },
  {
    kind: "material instance",
    make: (options) => new MaterialInstance(material, options),
    right: {},
    wrong: {},
  },
  {
    kind: "texture",
    make: (options) => new MaterialTexture(options),
    right: texels,
    wrong: { width: 0, texels: 1, colorSpace: 1, addressing: 1 },
  },
  {
    kind: "custom WGSL",
    make: (options) => e.customWgsl(options),
    right: { code: "return 1.0;", components: 1 },
    wrong: { code: "{", components: 5, inputs: 1 },
  },
  {
    kind: "runtime virtual texture",
    make: (options) => new RuntimeVirtualTexture(options),
    right: {},
    wrong: { tileSize: 3, materialType: "paint" },
  },
  {
    kind: "volume",
    make: (options) => new RuntimeVirtualTextureVolume(new RuntimeVirtualTexture(), options),
    right: {},
    wrong: { scale: [0, 1, 1], expandBounds: "far" },
  },
];

/** The wrong options of a kind, and options that it has not. */
function wrongOptionsOf({ wrong }: Named): [string, unknown][] {
  return [...Object.entries(wrong), ["skipMips", 1], ["baseColour", 1]];
}

for (const named of [...COMPONENTS, ...OTHERS]) {
  const { kind, make, right } = named;
  Deno.test(`${kind}: what is wrong with options is said with the name among them`, () => {
    make({ name: "north", ...right } as never);
    for (const [option, value] of wrongOptionsOf(named)) {
      assert.throws(
        () => make({ name: "north", ...right, [option]: value } as never),
        { message: new RegExp(`^Cannot \\w+ (instance 0 of |instances of )?${kind} "north" as `) },
        option,
      );
    }
  });
}

Deno.test("a name that is none is not part of what is said", () => {
  for (const { kind, make, right } of COMPONENTS) {
    for (const name of [undefined, 3, {}]) {
      assert.throws(
        () => make({ ...right, ...(name === undefined ? {} : { name }), skipMips: 1 } as never),
        { message: new RegExp(`^Cannot make ${kind} as there is no option skipMips`) },
      );
    }
    assert.throws(() => make({ ...right, name: 3 } as never), {
      message: new RegExp(`^Cannot make ${kind} as name must be a string: current value is 3`),
    });
  }
});
