import assert from "node:assert/strict";
import { InvalidArgumentError, MalformedFileError, OutOfRangeError } from "../../../src/errors.ts";
import { Project, type ProjectOptions } from "../../../src/rvt/mod.ts";
import { jsonText } from "../../../src/rvt/project/write/mod.ts";
import { dependencyOrder } from "../../../src/rvt/project/read/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { sampleContent } from "./sample_project.ts";

Deno.test("a project made in code is checked as one of files is", () => {
  const refused: [unknown, string, string][] = [
    [null, InvalidArgumentError.name, "Cannot make project as options must be an object"],
    [{}, InvalidArgumentError.name, "Cannot make project as name must be a string"],
    [
      { name: "" },
      MalformedFileError.name,
      "Cannot read project as project.json: name must not be",
    ],
    [
      { name: "a", asset: [] },
      InvalidArgumentError.name,
      "Cannot make project as there is no option",
    ],
    [
      { name: "a", assets: {} },
      MalformedFileError.name,
      "Cannot read project as project.json: assets must be a list",
    ],
    [
      { name: "a", assets: [{ name: 3 }] },
      MalformedFileError.name,
      "Cannot read project as project.json: assets[0].name must be a string: current value is 3",
    ],
    [
      { name: "a", scenes: [{ name: "b", volumes: [{ asset: "c" }] }] },
      MalformedFileError.name,
      "Cannot read project as project.json: scenes[0].volumes[0].asset must be the name of an asset",
    ],
  ];
  for (const [options, name, message] of refused) {
    assert.throws(() => new Project(options as ProjectOptions), (error: Error) => {
      assert.deepEqual([error.name, error.message.slice(0, message.length)], [name, message]);
      return true;
    });
  }
});

Deno.test("a change is checked, and leaves the project as it was", () => {
  const project = new Project(sampleContent());
  const renamed = project.withContent({ name: "Other", pools: undefined as never });
  assert.deepEqual([project.name, renamed.name, renamed.folder], ["Sample", "Other", null]);
  assert.equal("pools" in renamed.content, false);
  assert.deepEqual(project.content, sampleContent());
  assert.throws(() => project.withContent({ assets: [] }), {
    message:
      /^Cannot read project as .* must be the name of an asset of the project: current value is Ground/,
  });
});

Deno.test("a scene is found by its name, and without one if it is the only one", () => {
  const { scenes, ...content } = sampleContent();
  const project = new Project({ ...content, scenes });
  assert.equal(project.scene().name, "Main");
  const two = new Project({ ...content, scenes: [...scenes, { name: "Empty" }] });
  assert.equal(two.scene("Empty").name, "Empty");
  for (const name of [undefined, "None"]) {
    assert.throws(() => two.scene(name), {
      name: OutOfRangeError.name,
      message: /"Main", "Empty"/,
    });
  }
});

Deno.test("JSON text holds the value, and no line but those of long strings is too long", () => {
  const random = seededRandom(8);
  const value = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 3 ? 4 : 6));
    if (kind === 0) return random() * 1e6 - 5e5;
    if (kind === 1) return random() < 0.5 ? null : random() < 0.5;
    if (kind === 2) return 'line\nand "quotes"'.slice(0, Math.floor(random() * 18));
    if (kind === 3) return Array.from({ length: Math.floor(random() * 40) }, () => random());
    const parts = Array.from({ length: Math.floor(random() * 5) }, () => value(depth + 1));
    return kind === 4 ? parts : Object.fromEntries(parts.map((part, i) => [`field ${i}`, part]));
  };
  for (let i = 0; i < 200; i++) {
    const one = value(0);
    const text = jsonText(one);
    assert.deepEqual(JSON.parse(text), one);
    assert.ok(text.split("\n").every((line) => line.length <= 100), text);
  }
});

Deno.test("things stand after what they need, however deep, and a cycle is named", () => {
  const count = 20_000;
  const chain = (name: string) => Number(name) + 1 < count ? [`${Number(name) + 1}`] : [];
  const found = dependencyOrder(["0"], chain);
  assert.ok("order" in found && found.order.length === count && found.order[0] === `${count - 1}`);
  const needs: Record<string, string[]> = { a: ["b", "c"], b: ["c"], c: ["d"], d: ["b"] };
  assert.deepEqual(dependencyOrder(["a"], (name) => needs[name]!), { cycle: ["b", "c", "d", "b"] });
});
