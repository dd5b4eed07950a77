/**
 * Values that no call should fall over: each is refused by a typed error, or does no harm.
 *
 * @module
 */

/** What hostile objects throw; it reaches the caller as itself. */
export class Thrown extends Error {}

function throwing(): never {
  throw new Thrown("a trap of the value");
}

/** An object of which every use throws. */
function throwingProxy(): object {
  const names = Object.getOwnPropertyNames(Reflect);
  const traps = Object.fromEntries(names.map((name) => [name, throwing]));
  return new Proxy(function () {}, traps);
}

/** An object that has every name, and each throws when it is read. */
function throwingGetters(): object {
  const names = ["length", "position", "signal", "level", "x", "width", "name", "texture", "view"];
  const getters = Object.fromEntries(
    names.map((name) => [name, { get: throwing, enumerable: true }]),
  );
  return Object.defineProperties({}, getters);
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(16);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Every value, by what it is. */
export function badValues(): Readonly<Record<string, unknown>> {
  return {
    "undefined": undefined,
    "null": null,
    "0": 0,
    "-1": -1,
    "NaN": NaN,
    "Infinity": Infinity,
    "1.5": 1.5,
    "2^53": 2 ** 53,
    "1e300": 1e300,
    "true": true,
    "an empty string": "",
    "a string": "x",
    "a string of NUL": "a\0b",
    "a lone surrogate": "\ud800",
    "a bigint": 10n,
    "a symbol": Symbol("bad"),
    "a function": () => 7,
    "an empty list": [],
    "a list": [1, NaN, "3"],
    "a list that holds itself": (() => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    })(),
    "an empty object": {},
    "an object without a prototype": Object.create(null),
    "an object with other keys": { colour: 1, toString: null, constructor: null },
    "a date": new Date(NaN),
    "a map": new Map([["a", 1]]),
    "a promise": Promise.resolve(7),
    "a regular expression": /a/g,
    "a boxed string": Object("boxed"),
    "no bytes": new Uint8Array(0),
    "bytes": Uint8Array.of(1, 2, 3),
    "detached bytes": detached(),
    "floats": new Float32Array([NaN, Infinity, 1]),
    "a buffer": new ArrayBuffer(8),
    "a URL": new URL("https://example.invalid/a.ktx2"),
    "an error": new Error("a value"),
    "a proxy that throws": throwingProxy(),
    "getters that throw": throwingGetters(),
  };
}
