import assert from "node:assert/strict";
import {
  boxMesh,
  gridMesh,
  makeMesh,
  type Mesh,
  planeMesh,
  transformFrom,
  transformMatrix,
  type TransformOptions,
} from "../../../src/geometry/mod.ts";
import { type Footprint, isInTriangle } from "../../../src/rvt/component/mod.ts";
import { MeshCover } from "../../../src/rvt/inspect/mesh_cover.ts";
import { Material, type MeshDraw } from "../../../src/rvt/mod.ts";
import { worldToVolume } from "../../../src/rvt/volume/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const TO_VOLUME = worldToVolume(
  transformFrom({ position: [0.5, 0.5, 0], scale: [1, 1, 4] }, "Cannot place"),
);
const UNIT: Footprint = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]];

function drawOf(mesh: Mesh, places: readonly TransformOptions[], twoSided = false): MeshDraw {
  const material = new Material({ name: "m", domain: "virtual_texture", baseColor: 1, twoSided });
  const instances = places.map((place) => transformMatrix(transformFrom(place, "Cannot place")));
  return { kind: "mesh", mesh, material, instances };
}

function covers(
  mesh: Mesh,
  { places = [{ position: [0.5, 0.5, 0] }], twoSided = false, part = UNIT }: {
    readonly places?: readonly TransformOptions[];
    readonly twoSided?: boolean;
    readonly part?: Footprint;
  } = {},
): boolean {
  return new MeshCover([drawOf(mesh, places, twoSided)], TO_VOLUME).covers(part);
}

Deno.test("planes, grids and boxes cover what lies in them, instances too", () => {
  const size = [0.3, 0.3];
  const box = boxMesh({ size: [0.3, 0.3, 1] });
  for (const mesh of [planeMesh({ size }), gridMesh({ size, quads: [9, 7] }), box]) {
    assert.ok(covers(mesh));
    const turned = { position: [0.5, 0.5, 0], rotation: [0, 0, Math.sin(0.1), Math.cos(0.1)] };
    assert.ok(covers(mesh, { places: [{ position: [9, 9, 0] }, turned] }));
    assert.ok(!covers(mesh, { places: [{ position: [0.56, 0.5, 0] }] }), "it sticks out");
    assert.ok(!covers(mesh, { places: [{ position: [0.5, 0.5, 3] }] }), "above the volume");
    const smaller = { position: [0.5, 0.5, 0], scale: [0.5, 2, 1] };
    assert.ok(!covers(mesh, { places: [smaller] }), "it is too narrow");
    assert.ok(covers(mesh, { places: [{ ...turned, scale: [-1, 1, 1] }] }), "mirrored");
  }
  const high = [{ position: [0.5, 0.5, 1.7] }];
  assert.ok(covers(planeMesh({ size }), { places: high }));
  assert.ok(!covers(box, { places: high }), "its top is cut off");
  const back = [{ position: [0.5, 0.5, 0], rotation: [1, 0, 0, 0] }];
  assert.ok(!covers(planeMesh({ size }), { places: back }), "only its back is seen");
  assert.ok(covers(planeMesh({ size }), { places: back, twoSided: true }));
  assert.ok(covers(box, { places: back }), "a box has a front everywhere");
});

Deno.test("halves that only together cover something are not certain to", () => {
  const halves = [{ position: [0.4, 0.5, 0] }, { position: [0.6, 0.5, 0] }];
  assert.ok(!covers(planeMesh({ size: [0.2, 0.4] }), { places: halves }));
});

Deno.test("what random meshes are said to cover lies in their triangles, seen from the top", () => {
  const random = seededRandom(7);
  let claims = 0;
  for (let trial = 0; trial < 400; trial++) {
    const around = () => 0.5 + 0.7 * (random() - 0.5);
    // A fan around a point, of which sometimes a triangle is missing.
    const spokes = 5;
    const rim = Array.from({ length: spokes }, (_, i) => {
      const [angle, length] = [2 * Math.PI * i / spokes, 0.1 + 0.5 * random()];
      return [length * Math.cos(angle), length * Math.sin(angle), random() - 0.5];
    });
    const kept = Array.from({ length: spokes }, (_, i) => i).filter(() => random() < 0.9);
    if (kept.length === 0) continue;
    const mesh = makeMesh({
      positions: [[0, 0, 0], ...rim].flat(),
      indices: kept.flatMap((i) => [0, 1 + i, 1 + (i + 1) % spokes]),
    });
    const place = { position: [around(), around(), 0] };
    const [u, v, half] = [around(), around(), 0.02 + 0.1 * random()];
    const part: Footprint = [
      [u - half, v - half],
      [u + half, v - half],
      [u + half, v + half],
      [u - half, v + half],
    ];
    if (!covers(mesh, { places: [place], part })) continue;
    claims++;
    const toWorld = transformMatrix(transformFrom(place, "Cannot place"));
    const corners = rim.concat([[0, 0, 0]]).map(([x, y]): [number, number] => {
      const [wx, wy] = [x! + toWorld[12]!, y! + toWorld[13]!];
      return [
        TO_VOLUME[0]! * wx + TO_VOLUME[4]! * wy + TO_VOLUME[12]!,
        TO_VOLUME[1]! * wx + TO_VOLUME[5]! * wy + TO_VOLUME[13]!,
      ];
    });
    for (let sample = 0; sample < 64; sample++) {
      const point = [
        u + half * ((sample % 8) / 3.5 - 1),
        v + half * (Math.floor(sample / 8) / 3.5 - 1),
      ] as const;
      assert.ok(
        kept.some((i) =>
          isInTriangle(point, [corners[spokes]!, corners[i]!, corners[(i + 1) % spokes]!])
        ),
        `trial ${trial}`,
      );
    }
  }
  assert.ok(claims > 10, `${claims} claims`);
});
