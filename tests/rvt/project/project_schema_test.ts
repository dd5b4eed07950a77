import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { MalformedFileError } from "../../../src/errors.ts";
import { Place, PROJECT, projectSchema } from "../../../src/rvt/project/schema/mod.ts";
import { jsonText } from "../../../src/rvt/project/write/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { sampleContent } from "./sample_project.ts";

const SCHEMA_FILE = new URL("../../../src/rvt/project/project.schema.json", import.meta.url);

type Validate = (value: unknown) => boolean;

function validatorOf(schema: unknown): Validate {
  return new Ajv2020({ strict: true, strictTypes: false }).compile(schema as object) as Validate;
}

/** Whether the reader accepts the shape of a project; throws what is not a refusal. */
function isAccepted(value: unknown): boolean {
  try {
    PROJECT.check(value, Place.ofFile("project.json"));
    return true;
  } catch (error) {
    if (error instanceof MalformedFileError) return false;
    throw error;
  }
}

function sampleProject(): Record<string, unknown> {
  const content = sampleContent();
  const lowMips = { streamingLowMips: 2, virtualTextureBuilder: "bakes/land.pmtiles" };
  const deferred = { bounds: { min: [0, 0, 0], max: [1, 1, 1] } };
  const scenes = content.scenes.map(({ volumes = [], components = [], ...scene }) => ({
    ...scene,
    components: components.map((one) =>
      ({ static_mesh: { ...one, deferred }, decal: { ...one, deferred: {} } })[
        one.kind as string
      ] ??
        one
    ),
    volumes: volumes.map((volume) => ({ ...volume, ...lowMips })),
  }));
  return { format: "forge3d project", version: 1, ...content, scenes };
}

/** Values that may come in the place of any other. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  2 ** 32,
  "",
  "a",
  "../a",
  "a/./b",
  "/a",
  "C:\\a",
  "a/b.json",
  "a/b.pmtiles",
  "../b.pmtiles",
  "landscape",
  [],
  [1],
  [0, 0],
  [0, 0, 0],
  [1, 1, 1, 1, 1],
  {},
  { kind: "decal", material: "a" },
  { shape: "box" },
  { name: "a", file: "b" },
  ["a"],
];

/** Changes one value of a project somewhere: replaces it, takes it away, adds a field or an element. */
function mutate(project: unknown, random: () => number): void {
  let holder = project as Record<string | number, unknown>;
  for (;;) {
    const keys = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
    const key = keys[Math.floor(random() * keys.length)];
    const value = key === undefined ? undefined : holder[key];
    const isNested = typeof value === "object" && value !== null;
    if (isNested && random() < 0.85) {
      holder = value as Record<string | number, unknown>;
      continue;
    }
    const odd = structuredClone(ODD_VALUES[Math.floor(random() * ODD_VALUES.length)]);
    const choice = random();
    if (key === undefined || choice < 0.15) {
      if (Array.isArray(holder)) holder.push(odd);
      else holder[random() < 0.5 ? "odd" : "name"] = odd;
    } else if (choice < 0.3 && !Array.isArray(holder)) delete holder[key];
    else holder[key] = odd;
    return;
  }
}

/** Of random mutations, those that a validator and the reader do not agree on; and how many they refuse. */
function disagreements(validate: Validate, count: number): { found: string[]; refused: number } {
  const random = seededRandom(5);
  const found: string[] = [];
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const project = structuredClone(sampleProject());
    for (let times = 1 + Math.floor(random() * 2); times > 0; times--) mutate(project, random);
    const accepted = isAccepted(project);
    if (!accepted) refused++;
    if (validate(project) !== accepted) found.push(JSON.stringify(project));
  }
  return { found, refused };
}

Deno.test("the published schema is the one that the reader's shapes tell", async () => {
  const text = jsonText(projectSchema());
  if (Deno.env.get("FORGE3D_UPDATE_GOLDENS") === "1") await Deno.writeTextFile(SCHEMA_FILE, text);
  assert.equal(await Deno.readTextFile(SCHEMA_FILE), text);
});

Deno.test("the schema accepts a project with everything, as the reader does", () => {
  assert.equal(validatorOf(projectSchema())(sampleProject()), true);
  assert.equal(isAccepted(sampleProject()), true);
});

Deno.test("every integer of a project has a least and a largest value", () => {
  const open: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { type, minimum, maximum } = value as Record<string, unknown>;
    if (type === "integer" && (minimum === undefined || maximum === undefined)) open.push(path);
    for (const [name, one] of Object.entries(value)) look(one, `${path}/${name}`);
  };
  look(projectSchema(), "#");
  assert.deepEqual(open, []);
});

Deno.test("schema and reader agree on random changes of a project", () => {
  const { found, refused } = disagreements(validatorOf(projectSchema()), 1500);
  assert.deepEqual(found.slice(0, 1), []);
  assert.ok(refused > 500 && refused < 1490, `${refused} of 1500 are refused`);
});

Deno.test("negative control: a schema that lets one more value pass does not agree", () => {
  const schema = structuredClone(projectSchema()) as {
    $defs: { path: { pattern?: string } };
  };
  delete schema.$defs.path.pattern;
  assert.ok(disagreements(validatorOf(schema), 500).found.length > 0);
});
