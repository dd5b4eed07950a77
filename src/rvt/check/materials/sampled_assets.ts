/**
 * Which assets the materials of a project sample, with what instances give to parameters. Pure.
 *
 * @module
 */

import type { MaterialFunctionJson, MaterialJson, NodeJson } from "../../material/mod.ts";
import { dependencyOrder, isMaterialJson, type ProjectContent } from "../../project/mod.ts";

/** Assets that a function, a material or an instance samples. */
export interface SampledAssets {
  /** Those that no instance can replace. */
  readonly fixed: ReadonlySet<string>;
  /** Those that instances may replace, by the name of the parameter. */
  readonly byParameter: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What the functions and materials of a project sample, by their names. */
export interface ProjectSamples {
  readonly functions: ReadonlyMap<string, SampledAssets>;
  readonly materials: ReadonlyMap<string, SampledAssets>;
}

/** Looks at all nodes, whether a pin reaches them or not. */
export function projectSamples(
  { materialFunctions, materials }: Pick<ProjectContent, "materialFunctions" | "materials">,
): ProjectSamples {
  const functions = inOrder(
    materialFunctions,
    calledBy,
    (one, known) => samplesOf(one, known),
  );
  return {
    functions,
    materials: inOrder(
      materials,
      (one) => isMaterialJson(one) ? [] : [one.parent],
      (one, known) => {
        if (isMaterialJson(one)) return samplesOf(one, functions);
        const given = Object.entries(one.runtimeVirtualTextures);
        return withGiven(known.get(one.parent)!, given);
      },
    ),
  };
}

/** Whether something samples an asset, but for what is given to some parameters. */
export function samplesOne(
  { fixed, byParameter }: SampledAssets,
  asset: string,
  replaced: readonly string[] = [],
): boolean {
  return fixed.has(asset) ||
    [...byParameter].some(([parameter, assets]) =>
      assets.has(asset) && !replaced.includes(parameter)
    );
}

/** Functions that nodes call. */
export function calledBy({ nodes }: MaterialFunctionJson | MaterialJson): readonly string[] {
  const called = nodes.flatMap((node) =>
    node.kind === "function_call" ? [node.function as string] : []
  );
  return [...new Set(called)];
}

/** Whether a node samples a runtime virtual texture. */
export function isSample(node: NodeJson): boolean {
  return node.kind === "runtime_virtual_texture_sample";
}

/** Something found for each element, after those that it needs. */
function inOrder<Element extends { readonly name: string }>(
  elements: readonly Element[],
  needsOf: (element: Element) => readonly string[],
  find: (element: Element, known: ReadonlyMap<string, SampledAssets>) => SampledAssets,
): ReadonlyMap<string, SampledAssets> {
  const byName = new Map(elements.map((element) => [element.name, element]));
  // Projects have no cycles.
  const { order } = dependencyOrder(byName.keys(), (name) => needsOf(byName.get(name)!)) as {
    readonly order: readonly string[];
  };
  const known = new Map<string, SampledAssets>();
  for (const name of order) known.set(name, find(byName.get(name)!, known));
  return known;
}

function samplesOf(
  json: MaterialFunctionJson | MaterialJson,
  functions: ReadonlyMap<string, SampledAssets>,
): SampledAssets {
  const fixed = new Set<string>();
  const byParameter = new Map<string, Set<string>>();
  const add = (asset: string, parameter: string | undefined) => {
    if (parameter === undefined) fixed.add(asset);
    else byParameter.set(parameter, (byParameter.get(parameter) ?? new Set()).add(asset));
  };
  for (const node of json.nodes.filter(isSample)) {
    add(node.asset as string, node.parameter as string | undefined);
  }
  for (const name of calledBy(json)) {
    const called = functions.get(name)!;
    for (const asset of called.fixed) add(asset, undefined);
    for (const [parameter, assets] of called.byParameter) {
      for (const asset of assets) add(asset, parameter);
    }
  }
  return { fixed, byParameter };
}

function withGiven(
  parent: SampledAssets,
  given: readonly (readonly [parameter: string, asset: string])[],
): SampledAssets {
  const replaced = given.filter(([parameter]) => parent.byParameter.has(parameter));
  if (replaced.length === 0) return parent;
  const byParameter = new Map(parent.byParameter);
  for (const [parameter, asset] of replaced) byParameter.set(parameter, new Set([asset]));
  return { fixed: parent.fixed, byParameter };
}
