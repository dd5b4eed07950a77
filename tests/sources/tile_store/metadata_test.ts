import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import {
  CHECKSUM_BYTES,
  METADATA_KEY,
  metadataJson,
  parseMetadata,
} from "../../../src/sources/tile_store/metadata.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { SMALL } from "./made_store.ts";

function made(): { metadata: Record<string, unknown>; store: Record<string, unknown> } {
  const grid = new TileGrid(SMALL.width, SMALL.height, SMALL.tileSize);
  const checksums = new Uint8Array(grid.tileCount * CHECKSUM_BYTES).map((_, i) => i);
  const metadata = structuredClone(metadataJson(SMALL, { grid, checksums }));
  return { metadata, store: metadata[METADATA_KEY] as Record<string, unknown> };
}

Deno.test("metadata is read back as it was written", () => {
  const { metadata } = made();
  const parsed = parseMetadata("x", metadata);
  assert.deepEqual(parsed.description, SMALL);
  assert.equal(parsed.checksums[9], 9);
});

Deno.test("unknown keys are ignored", () => {
  const { metadata, store } = made();
  store.later = { anything: 1 };
  metadata.attribution = "NASA";
  parseMetadata("x", metadata);
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
    ["format", 3, /format must be a string/],
    ["format", "bc7-rgba-unorm-srgb", /must be multiples of 4: current values are 8 and 2/],
    ["colorSpace", "lab", /colorSpace must be/],
    ["colorSpace", "linear", /colorSpace of rgba8unorm-srgb must be "srgb"/],
    ["firstLevel", 6, /firstLevel must be/],
    ["firstLevel", 1, /levels must be a list of 5/],
    ["levels", [], /levels must be a list of 6/],
    ["levels", null, /levels must be a list of 6/],
    ["source", [], /source must be an object with a name/],
    ["source", {}, /source must be an object with a name/],
    ["info", undefined, /info must be a string/],
    ["checksums", 5, /checksums must be a string/],
    ["checksums", "%", /checksums must be base64/],
    ["checksums", "AAAA", /checksums must be 272 bytes: current value is 3/],
  ];
  for (const [key, value, message] of broken) {
    const { metadata, store } = made();
    store[key] = value;
    assert.throws(() => parseMetadata("x", metadata), (error) => {
      assert.ok(error instanceof MalformedFileError, `${key}: ${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
  for (const metadata of [null, 3, [], {}, { [METADATA_KEY]: 1 }]) {
    assert.throws(() => parseMetadata("x", metadata), MalformedFileError);
  }
});

Deno.test("later versions and unknown formats are unsupported, not malformed", () => {
  for (const [key, value] of [["version", 2], ["format", "astc-4x4-unorm"]] as const) {
    const { metadata, store } = made();
    store[key] = value;
    assert.throws(() => parseMetadata("x", metadata), UnsupportedError);
  }
});
