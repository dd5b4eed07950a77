/**
 * What Python makes and calls of runtime virtual textures, by name.
 *
 * @module
 */
import { boxMesh, gridMesh, makeMesh, planeMesh, rotationAbout } from "../../geometry/mod.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  expressions,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  loadGlb,
  loadHeightPicture,
  loadMaterialTexture,
  Material,
  type MaterialFunction,
  MaterialInstance,
  MaterialTexture,
  readMaterialFunction,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  scatterTransforms,
  simplifyMesh,
  SkeletalMeshComponent,
  StaticMeshComponent,
  writeMaterialFunction,
} from "../../rvt/mod.ts";
import { lookupOf, type LookupTables } from "./lookup_tables.ts";

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

/** Functions that Python calls: the builders of expressions, and others. */
export const FUNCTIONS: ReadonlyMap<string, AnyFunction> = new Map<string, AnyFunction>(
  Object.entries({
    ...expressions,
    boxMesh,
    callMaterialFunction,
    gridMesh,
    loadGlb,
    loadHeightPicture,
    loadMaterialTexture,
    makeMesh,
    planeMesh,
    readFunctionJson,
    readInstanceJson,
    readMaterialJson,
    rotationAbout,
    scatterTransforms,
    simplifyMesh,
    writeFunctionJson,
    writeJson,
  }),
);
