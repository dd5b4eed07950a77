import assert from "node:assert/strict";
import fc from "fast-check";
import { Base64Decoder, base64Length } from "../../../../src/sources/tile_store/metadata/base64.ts";
import {
  MAX_METADATA_BYTES,
  MAX_METADATA_DEPTH,
  MAX_METADATA_TOKENS,
  MetadataScanner,
} from "../../../../src/sources/tile_store/metadata/metadata_scan.ts";

/** Scans text that comes in parts of some bytes. */
function scan(text: string, partBytes = 7): { json: string; taken: string; bytes: number | null } {
  let taken = "";
  const scanner = new MetadataScanner(["outer", "long"], {
    begin: () => taken = "",
    take: (part) => taken += new TextDecoder().decode(part),
  });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.byteLength; at += partBytes) {
    scanner.push(bytes.subarray(at, at + partBytes));
  }
  const { json, takenOutBytes } = scanner.finish();
  return { json, taken, bytes: takenOutBytes };
}

Deno.test("what a scan keeps is the JSON, whatever the parts it came in", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 10 }), fc.integer({ min: 1, max: 40 }), (text, partBytes) => {
      const scanned = scan(text, partBytes);
      assert.equal(scanned.json, text);
      assert.equal(scanned.bytes, null);
    }),
  );
});

Deno.test("the long string of its path is taken out, and no other string", () => {
  const found = scan('{"a":{"long":"no"},"outer":{"x":"no","long" : "yes+/=","y":{"long":"no"}}}');
  assert.deepEqual(
    [found.json, found.taken, found.bytes],
    ['{"a":{"long":"no"},"outer":{"x":"no","long" : "","y":{"long":"no"}}}', "yes+/=", 6],
  );
  for (
    const text of [
      '{"outer":["long","no"]}',
      '{"outer":{"long":["no"]}}',
      '{"outer":{"x":"long","y":"no"}}',
      '{"outer":{"lo\\u006eg":"no"}}',
      '[{"outer":{"long":"no"}}]',
      '{"long":"no","outer":"long"}',
    ]
  ) {
    assert.deepEqual(scan(text), { json: text, taken: "", bytes: null });
  }
  assert.equal(scan('{"outer":{"long":"first","long":"last"}}').taken, "last");
});

Deno.test("each bound is exact", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.equal(scan(deep(MAX_METADATA_DEPTH)).json.length, 2 * MAX_METADATA_DEPTH);
  assert.throws(() => scan(deep(MAX_METADATA_DEPTH + 1)), /at most 16 levels of nesting/);
  const wide = (tokens: number) => `[${"1,".repeat((tokens - 3) / 2)}1]`;
  scan(wide(MAX_METADATA_TOKENS - 1), 4096);
  assert.throws(() => scan(wide(MAX_METADATA_TOKENS + 1), 4096), /at most 16384 tokens/);
  const long = (bytes: number) => `"${"[".repeat(bytes - 2)}"`;
  scan(long(MAX_METADATA_BYTES), 4096);
  assert.throws(() => scan(long(MAX_METADATA_BYTES + 1), 4096), /at most 524288 bytes/);
});

Deno.test("base64 is decoded in parts as a whole", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (bytes, partBytes) => {
        const text = new TextEncoder().encode(bytes.toBase64());
        assert.equal(text.byteLength, base64Length(bytes.byteLength));
        const decoder = new Base64Decoder(bytes.byteLength);
        for (let at = 0; at < text.byteLength; at += partBytes) {
          decoder.push(text.subarray(at, at + partBytes));
        }
        assert.deepEqual(decoder.bytes, bytes);
      },
    ),
  );
  for (const text of ["AA-A", "A===AAAA", "AA\\/", "=AAA", "AAAA===="]) {
    assert.throws(
      () => new Base64Decoder(text.length === 4 ? 3 : 6).push(new TextEncoder().encode(text)),
      /not base64/,
      text,
    );
  }
});
