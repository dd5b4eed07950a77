/**
 * What calls of the library return that has methods, and arguments that are right for each.
 *
 * @module
 */
import * as sources from "../../src/sources/mod.ts";
import { mapSource } from "../streaming/sources.ts";
import type { CallWorld, PublicCall } from "./public_calls.ts";

/** An object that a call returned. */
export interface MadeObject {
  readonly name: string;
  readonly object: object;
  /** Arguments that are right, by method. `close` takes none and comes last. */
  readonly methods: Readonly<Record<string, readonly unknown[]>>;
}

const BYTES = { size: [], read: [0, 1, {}] };
const TILES = { readTile: [0, 0, 0, {}] };
const STORE = { ...TILES, readTilePlanes: [0, 0, 0, {}] };
const ROWS = { readRows: [0, 1, {}] };
const SHAPE = { tileSize: 64, border: 4 };

/** One of each kind. */
export async function madeObjects(world: CallWorld): Promise<MadeObject[]> {
  const path = `${world.folder}/made.ktx2`;
  await Deno.writeFile(path, world.ktx2);
  const bytes = () => sources.memorySource(world.ktx2);
  const file = await sources.readKtx2(bytes());
  const half = sources.proceduralTileSource(() => {}, {
    ...{ ...SHAPE, width: 64, height: 64, format: "bc1-rgba-unorm" },
  });
  const composite = { firstCoarseLevel: 1 };
  return [
    { name: "memorySource", object: bytes(), methods: BYTES },
    { name: "openFileSource", object: await sources.openFileSource(path), methods: BYTES },
    {
      name: "httpSource",
      object: sources.httpSource("http://127.0.0.1/a", { fetch: serving(world.ktx2), attempts: 1 }),
      methods: BYTES,
    },
    { name: "retrySource", object: sources.retrySource(bytes()), methods: BYTES },
    {
      name: "CachingSource",
      object: new sources.CachingSource(bytes(), { maxBytes: 1e6 }),
      methods: BYTES,
    },
    {
      name: "CoalescingSource",
      object: new sources.CoalescingSource(bytes()),
      methods: BYTES,
    },
    {
      name: "openTileStore",
      object: await sources.openTileStore(sources.memorySource(world.store)),
      methods: STORE,
    },
    { name: "proceduralTileSource", object: mapSource(), methods: TILES },
    { name: "decodedTileSource", object: sources.decodedTileSource(half), methods: TILES },
    {
      name: "compositeTileSource",
      object: sources.compositeTileSource(mapSource(), mapSource(), composite),
      methods: TILES,
    },
    {
      name: "ktx2TileSource",
      object: sources.ktx2TileSource(bytes(), file, SHAPE),
      methods: TILES,
    },
    {
      name: "ktx2RowSource",
      object: sources.ktx2RowSource(bytes(), file, { level: 0 }),
      methods: ROWS,
    },
    { name: "readKtx2", object: file, methods: { describe: [] } },
    { name: "subscribeRenewal", object: unsubscribing(world), methods: { call: [] } },
  ];
}

/** A server of some bytes, by range. */
function serving(bytes: Uint8Array): typeof fetch {
  return (_url, init) => {
    const range = new Headers(init?.headers).get("range")!;
    const [first, last] = /(\d+)-(\d+)/.exec(range)!.slice(1).map(Number) as [number, number];
    const headers = { "content-range": `bytes ${first}-${last}/${bytes.length}` };
    const body = bytes.slice(first, last + 1);
    return Promise.resolve(new Response(body, { status: 206, headers }));
  };
}

function unsubscribing({ system }: CallWorld): object {
  return { call: system.subscribeRenewal(() => {}) };
}

/** Names of everything that can be called on an object. */
export function methodsOf(object: object): Set<string> {
  const names = new Set<string>();
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === "function" && name !== "constructor") names.add(name);
    }
  }
  return names;
}

/** The calls of an object's methods. */
export function callsOf({ name, object, methods }: MadeObject): PublicCall[] {
  const holder = object as Record<string, (...args: unknown[]) => unknown>;
  return Object.entries(methods).map(([method, args]) => ({
    name: `${name}: ${method}`,
    args: () => args,
    call: (...given: never[]) => holder[method]!(...given),
  }));
}
