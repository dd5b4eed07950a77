import assert from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import { MalformedFileError } from "../../../src/errors.ts";
import { loadProject } from "../../../src/rvt/mod.ts";
import { repeatedField } from "../../../src/rvt/project/read/repeated_field.ts";
import { Place } from "../../../src/rvt/project/schema/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

const find = (json: string) => repeatedField(json, Place.ofFile("a.json"))?.path ?? null;

Deno.test("a field that stands twice is found wherever it is, and by its name as it is read", () => {
  const cases: [string, string][] = [
    ['{"a":1,"a":2}', "a"],
    ['[0,{"b":[{}, {"c":1 , "c" :2}]}]', "[1].b[1].c"],
    ['{"a":{"a":1},"b":{"a":"\\\\"},"\\u0061":3}', "a"],
    ['{"x y":"\\"","x y":[]}', '["x y"]'],
    ['{"":0,"":0}', '[""]'],
  ];
  for (const [json, path] of cases) assert.equal(find(json), path);
  const deep = `${"[".repeat(1e6)}{"a":0,"a":0}${"]".repeat(1e6)}`;
  assert.equal(find(deep), null, "that is for shapes to refuse");
});

Deno.test("JSON of any value repeats no field, and does once one of its objects is written twice", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, name) => {
    const json = JSON.stringify(value);
    assert.equal(find(json), null);
    const key = JSON.stringify(name);
    assert.notEqual(find(`[${json},{${key}:${json},"b${name.length}":0,${key}:${json}}]`), null);
  }));
});

Deno.test("a project with a field twice is refused by file and place", () =>
  withFolder(async (folder) => {
    const json = '{ "format": "forge3d project", "version": 1, "name": "a", "assets": [ ' +
      '{ "name": "b", "tileSize": 64, "tileSize": 128 } ] }';
    await Deno.writeTextFile(join(folder, "project.json"), json);
    await assert.rejects(loadProject(folder), {
      name: MalformedFileError.name,
      message:
        "Cannot read project as project.json: assets[0].tileSize must stand once in its object",
    });
  }));
