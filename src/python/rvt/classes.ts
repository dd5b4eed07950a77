/**
 * What Python makes and calls of runtime virtual textures, by name.
 *
 * @module
 */
import { boxMesh, gridMesh, makeMesh, planeMesh, rotationAbout } from "../../geometry/mod.ts";
import {
  AnimatedMeshComponent,
  checkProject,
  checkScene,
  DecalComponent,
  describeScene,
  expressions,
  fileIdentity,
  findMaterials,
  fixMaterials,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  loadGlb,
  loadHeightPicture,
  loadMaterialTexture,
  loadProject,
  Material,
  type MaterialFunction,
  MaterialInstance,
  MaterialTexture,
  Project,
  type ProjectScene,
  readMaterialFunction,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  saveProject,
  scatterTransforms,
  simplifyMesh,
  SkeletalMeshComponent,
  StaticMeshComponent,
  VirtualTextureBuilder,
  VirtualTextureConsole,
  writeMaterialFunction,
} from "../../rvt/mod.ts";
import { lookupOf, type LookupTables } from "./lookup_tables.ts";
import { plainOf } from "./plain.ts";
import { attributes, materialTypes } from "./stored_attributes.ts";

/** Any function or method; the library checks what it is given. */
export type AnyFunction = (...args: never[]) => unknown;

/** Any class. */
export type AnyClass = new (...args: never[]) => object;

/** Classes that Python makes objects of. */
export const CLASSES: ReadonlyMap<string, AnyClass> = new Map<string, AnyClass>(
  Object.entries({
    AnimatedMeshComponent,
    DecalComponent,
    FoliageComponent,
    InstancedStaticMeshComponent,
    LandscapeComponent,
    LandscapeSplineComponent,
    Material,
    MaterialInstance,
    MaterialTexture,
    RuntimeVirtualTexture,
    RuntimeVirtualTextureVolume,
    SkeletalMeshComponent,
    StaticMeshComponent,
    VirtualTextureBuilder,
    VirtualTextureConsole,
  }),
);

/** The outputs of a function's call; in a map, as their names are the caller's. */
function callMaterialFunction(
  called: MaterialFunction,
  inputs: Parameters<MaterialFunction["call"]>[0],
): ReadonlyMap<string, object> {
  return new Map(Object.entries(called.call(inputs)));
}

/** A document as text, of anything that can be written. */
function writeJson(written: { toJSON(): object }): string {
  return JSON.stringify(written);
}

function writeFunctionJson(written: MaterialFunction): string {
  return JSON.stringify(writeMaterialFunction(written));
}

function readMaterialJson(text: string, tables: LookupTables): Material {
  return Material.fromJSON(JSON.parse(text), lookupOf(tables));
}

function readInstanceJson(text: string, tables: LookupTables): MaterialInstance {
  return MaterialInstance.fromJSON(JSON.parse(text), lookupOf(tables, "material"));
}

function readFunctionJson(text: string, tables: LookupTables): MaterialFunction {
  return readMaterialFunction(JSON.parse(text), lookupOf(tables));
}

function makeProjectJson(text: string): Project {
  return new Project(JSON.parse(text));
}

function changeProjectJson(project: Project, text: string): Project {
  return project.withContent(JSON.parse(text));
}

function writeProjectJson({ content }: Project): string {
  return JSON.stringify(content);
}

function writeSceneJson(project: Project, name?: string): string {
  return JSON.stringify(project.scene(name));
}

function writeOpenedJson({ json }: ProjectScene): string {
  return JSON.stringify(json);
}

/** The same function, whose result becomes plain. */
function plainResult(call: AnyFunction): AnyFunction {
  return (...args) => {
    const result = call(...args);
    return result instanceof Promise ? result.then(plainOf) : plainOf(result);
  };
}

/** Functions that Python calls: the builders of expressions, and others. */
export const FUNCTIONS: ReadonlyMap<string, AnyFunction> = new Map<string, AnyFunction>(
  Object.entries({
    ...expressions,
    attributes,
    boxMesh,
    callMaterialFunction,
    changeProjectJson,
    checkProject: plainResult(checkProject),
    checkScene: plainResult(checkScene),
    describeScene,
    fileIdentity,
    findMaterials: plainResult(findMaterials),
    fixMaterials: plainResult(fixMaterials),
    gridMesh,
    loadGlb,
    loadHeightPicture,
    loadMaterialTexture,
    loadProject,
    makeMesh,
    makeProjectJson,
    materialTypes,
    planeMesh,
    readFunctionJson,
    readInstanceJson,
    readMaterialJson,
    rotationAbout,
    saveProject,
    scatterTransforms,
    simplifyMesh,
    writeFunctionJson,
    writeJson,
    writeOpenedJson,
    writeProjectJson,
    writeSceneJson,
  }),
);
