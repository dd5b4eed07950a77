import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../../../src/errors.ts";
import { wholeDescription } from "../../../../src/sources/tile_store/metadata/description.ts";
import {
  METADATA_KEY,
  metadataJson,
} from "../../../../src/sources/tile_store/metadata/metadata.ts";
import {
  CHECKSUM_BYTES,
  CHECKSUMS_KEY,
  type ParsedMetadata,
  parseMetadata,
} from "../../../../src/sources/tile_store/metadata/parse_metadata.ts";
import { MetadataScanner } from "../../../../src/sources/tile_store/metadata/metadata_scan.ts";
import { TileGrid } from "../../../../src/tiles/mod.ts";
import { EVERYTHING, SMALL, versionOne } from "../made_store.ts";

const PLANE = { format: "rgba8unorm-srgb", colorSpace: "srgb" };
const BC4 = { format: "bc4-r-unorm", colorSpace: "linear" };

interface Made {
  readonly metadata: Record<string, unknown>;
  readonly store: Record<string, unknown>;
}

function made(description = SMALL): Made {
  const metadata = structuredClone(metadataJson(wholeDescription(description)));
  return { metadata, store: metadata[METADATA_KEY] as Record<string, unknown> };
}

/** Metadata of version 1. */
function madeFirst(): Made {
  const { tileCount } = new TileGrid(SMALL.width, SMALL.height, SMALL.tileSize);
  const checksums = new Uint8Array(tileCount * CHECKSUM_BYTES).map((_, i) => i);
  const metadata = versionOne(made().metadata, checksums);
  return { metadata, store: metadata[METADATA_KEY] as Record<string, unknown> };
}

function parsed(metadata: unknown): ParsedMetadata {
  return parsedText(JSON.stringify(metadata));
}

function parsedText(json: string): ParsedMetadata {
  const scanner = new MetadataScanner([METADATA_KEY, CHECKSUMS_KEY]);
  scanner.push(new TextEncoder().encode(json));
  return parseMetadata("x", scanner.finish());
}

Deno.test("metadata is read back as it was written, with every option", () => {
  const appearance = {
    orientation: "lu",
    swizzle: "bgr1",
    transfer: "PQ EOTF",
    primaries: "BT.2020",
  } as const;
  for (const description of [SMALL, EVERYTHING, { ...SMALL, appearance }]) {
    const { version, description: read, hasChecksums } = parsed(made(description).metadata);
    assert.deepEqual(read, wholeDescription(description));
    assert.deepEqual([version, hasChecksums], [2, false]);
  }
});

Deno.test("what version 2 may leave out has the values of version 1", () => {
  const { metadata, store } = made();
  for (const key of ["lastLevel", "wrap"]) delete store[key];
  for (const plane of store.planes as Record<string, unknown>[]) delete plane.premultipliedAlpha;
  assert.deepEqual(parsed(metadata).description, wholeDescription(SMALL));
});

Deno.test("metadata of version 1 is read, and what it does not know is ignored", () => {
  const { metadata, store } = madeFirst();
  Object.assign(store, {
    wrap: 3,
    holes: {},
    lastLevel: "tile",
    planes: [],
    premultipliedAlpha: 1,
  });
  const { version, description, hasChecksums } = parsed(metadata);
  assert.deepEqual(description, wholeDescription(SMALL));
  assert.deepEqual([version, hasChecksums], [1, true]);
});

Deno.test("unknown keys are ignored", () => {
  const { metadata, store } = made();
  store.later = { anything: 1 };
  metadata.attribution = "NASA";
  parsed(metadata);
});

Deno.test("each broken value is refused by name", () => {
  const broken: [key: string, value: unknown, error: RegExp][] = [
    ["version", "1", /version must be a number/],
    ["width", 0, /width must be an integer from 1 to 1048576: current value is 0/],
    ["width", 51, /levels\[0\] must be/],
    ["height", 2 ** 21, /height must be/],
    ["height", 1.5, /height must be/],
    ["tileSize", "8", /tileSize must be/],
    ["tileSize", 2 ** 20, /tileSize must be/],
    ["border", -1, /border must be/],
    ["planes", undefined, /planes must be a list of 1 to 3/],
    ["planes", [], /planes must be a list of 1 to 3/],
    ["planes", new Array(4).fill(PLANE), /planes must be a list of 1 to 3/],
    ["planes", [null], /a plane must be an object/],
    ["planes", [{ ...PLANE, format: 3 }], /format must be a string/],
    ["planes", [{ ...PLANE, colorSpace: "lab" }], /colorSpace must be "srgb" or "linear"/],
    ["planes", [{ ...PLANE, colorSpace: "linear" }], /colorSpace of rgba8unorm-srgb must be/],
    ["planes", [{ ...PLANE, format: "rgba8unorm" }], /colorSpace of rgba8unorm must be "linear"/],
    ["planes", [{ ...PLANE, premultipliedAlpha: 1 }], /premultipliedAlpha must be true or false/],
    ["planes", [{ ...PLANE, premultipliedAlpha: null }], /premultipliedAlpha must be true or/],
    ["planes", [{ ...BC4, premultipliedAlpha: true }], /of bc4-r-unorm must be false/],
    ["lastLevel", "page", /lastLevel must be "texel" or "tile"/],
    ["lastLevel", "tile", /levels must be a list of 4/],
    ["lastLevel", null, /lastLevel must be "texel" or "tile": current value is null/],
    [
      "orientation",
      "up",
      /orientation must be "rd" or "ru" or "ld" or "lu": current value is "up"/,
    ],
    ["orientation", null, /orientation must be/],
    ["swizzle", "rgbx", /swizzle must be four of r, g, b, a, 0 and 1: current value is "rgbx"/],
    ["swizzle", 5, /swizzle must be a string/],
    ["transfer", {}, /transfer must be a string/],
    ["primaries", null, /primaries must be a string/],
    ["wrap", null, /wrap must be an object: current value is null/],
    ["wrap", [], /wrap must be an object/],
    ["wrap", { x: "clamp" }, /wrap\.y must be "clamp" or "repeat"/],
    ["wrap", { x: "mirror", y: "clamp" }, /wrap\.x must be/],
    ["holes", null, /holes must be a list of 1/],
    ["holes", [], /holes must be a list of 1/],
    ["holes", ["0000"], /holes\[0\] must be 8 hexadecimal digits/],
    ["holes", ["0000000G"], /holes\[0\] must be 8 hexadecimal digits/],
    ["firstLevel", 6, /firstLevel must be/],
    ["firstLevel", 1, /levels must be a list of 5/],
    ["levels", [], /levels must be a list of 6/],
    ["levels", null, /levels must be a list of 6/],
    ["source", [], /source must be an object of strings and numbers with a name/],
    ["source", {}, /source must be an object of strings and numbers with a name/],
    ["source", { name: "x", more: {} }, /source must be an object of strings and numbers/],
    ["info", undefined, /info must be a string/],
  ];
  assertEachIsRefused(made, broken);
  for (const metadata of [null, 3, [], {}, { [METADATA_KEY]: 1 }]) {
    assert.throws(() => parsed(metadata), MalformedFileError);
  }
});

Deno.test("each broken value of version 1 is refused by name", () => {
  assertEachIsRefused(madeFirst, [
    ["format", 3, /format must be a string/],
    ["format", "bc7-rgba-unorm-srgb", /must be multiples of 4 and 4: current values are 8 and 2/],
    ["colorSpace", "lab", /colorSpace must be "srgb" or "linear"/],
    ["checksums", 5, /checksums must be a string/],
    ["checksums", "AAAA", /checksums must be 272 bytes, 364 characters of base64: .* is 4/],
    ["checksums", "A".repeat(1000), /checksums must be 272 bytes.*: current value is 1000/],
  ]);
});

function assertEachIsRefused(
  make: () => Made,
  broken: readonly (readonly [key: string, value: unknown, message: RegExp])[],
): void {
  for (const [key, value, message] of broken) {
    const { metadata, store } = make();
    store[key] = value;
    assert.throws(() => parsed(metadata), (error) => {
      assert.ok(error instanceof MalformedFileError, `${key}: ${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
}

Deno.test("later versions and formats that are not supported are named, not malformed", () => {
  for (const format of ["rgba16snorm", "bgra8unorm", "r16uint", "astc-5x4-unorm", "no"]) {
    const { metadata, store } = made();
    store.planes = [PLANE, { format, colorSpace: "linear" }];
    assert.throws(
      () => parsed(metadata),
      (error) => error instanceof UnsupportedError && error.message.includes(`"${format}"`),
    );
  }
  const { metadata, store } = made();
  store.version = 3;
  assert.throws(() => parsed(metadata), /version must be 1 or 2: current value is 3/);
  assert.throws(() => parsed(metadata), UnsupportedError);
});

Deno.test("keys that objects inherit are not read", () => {
  const { store } = made();
  const json = JSON.stringify({ [METADATA_KEY]: store }).replace('"source":', '"__proto__":');
  assert.throws(
    () => parsedText(json),
    /source must be an object of strings and numbers with a name: current value is undefined/,
  );
});
