import assert from "node:assert/strict";
import { deflateSync, zstdCompressSync } from "node:zlib";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import {
  chosenImage,
  type ImageChoice,
  imageIndex,
  ktx2RowSource,
  ktx2TileSource,
  memorySource,
  readKtx2,
} from "../../../src/sources/mod.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  type Ktx2Parts,
  levelLength,
  makeKtx2,
  noise,
} from "./make_ktx2.ts";

const TILES = { tileSize: 8, border: 4 };
const RGBA = FORMAT_ROWS["rgba8unorm"]!;

/** The images that a file of this shape has. */
interface Shape {
  readonly row: FormatRow;
  readonly width: number;
  readonly height: number;
  readonly layers?: number;
  readonly faces?: number;
  readonly depth?: number;
  readonly levelCount: number;
  readonly scheme: number;
}

function edge(size: number, level: number): number {
  return Math.max(1, size >> level);
}

/** Texels of one image of one level: noise that no other image has. */
function imageNoise(shape: Shape, level: number, image: number): Uint8Array {
  const length = levelLength(shape.row, edge(shape.width, level), edge(shape.height, level));
  return noise(length, 1000 * level + image);
}

function packed(bytes: Uint8Array, scheme: number): Uint8Array {
  if (scheme === 0) return bytes;
  return new Uint8Array(scheme === 2 ? zstdCompressSync(bytes) : deflateSync(bytes));
}

function fileOf(shape: Shape): Uint8Array {
  const { levelCount, scheme } = shape;
  const levels = Array.from({ length: levelCount }, (_, level) => {
    const images = (shape.layers ?? 1) * (shape.faces ?? 1) * edge(shape.depth ?? 1, level);
    const parts = Array.from({ length: images }, (_, image) => imageNoise(shape, level, image));
    const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
    return { stored: packed(whole, scheme), uncompressedLength: whole.length };
  });
  return makeKtx2({ ...shape, levels });
}

/** A file that has one image of a shape alone, in as many levels as are its own. */
function fileOfImage(shape: Shape, choice: Required<ImageChoice>): Uint8Array {
  const { row, width, height, levelCount } = shape;
  const own = (shape.depth ?? 1) > 1 ? 1 : levelCount;
  const levels = Array.from({ length: own }, (_, level) => {
    const slices = edge(shape.depth ?? 1, level);
    const image = (choice.layer * (shape.faces ?? 1) + choice.face) * slices + choice.slice;
    return { stored: imageNoise(shape, level, image) };
  });
  return makeKtx2({ row, width, height, levels });
}

async function opened(bytes: Uint8Array, choice: ImageChoice = {}) {
  const source = memorySource(bytes, "test.ktx2");
  return ktx2TileSource(source, await readKtx2(source), { ...TILES, ...choice });
}

async function allTiles(source: Awaited<ReturnType<typeof opened>>): Promise<Uint8Array[]> {
  const tiles: Uint8Array[] = [];
  for (const { level, tilesX, tilesY } of source.grid.levels.slice(0, source.presentLevels)) {
    for (let y = 0; y < tilesY; y++) {
      for (let x = 0; x < tilesX; x++) tiles.push(await source.readTile(level, x, y));
    }
  }
  return tiles;
}

const BC7 = FORMAT_ROWS["bc7-rgba-unorm"]!;
const GREY = FORMAT_ROWS["r8unorm"]!;
const SHAPES: readonly Omit<Shape, "scheme">[] = [
  { row: RGBA, width: 20, height: 9, layers: 3, levelCount: 3 },
  { row: BC7, width: 18, height: 18, faces: 6, levelCount: 4 },
  { row: GREY, width: 9, height: 9, layers: 2, faces: 6, levelCount: 2 },
  { row: GREY, width: 12, height: 21, depth: 5, levelCount: 4 },
  { row: BC7, width: 10, height: 6, depth: 2, levelCount: 2 },
  { row: RGBA, width: 13, height: 7, layers: 1, depth: 1, levelCount: 2 },
];

Deno.test("each layer, face and slice has the tiles and rows of a file that holds it alone", async () => {
  for (const scheme of [0, 2, 3]) {
    for (const each of SHAPES) {
      const shape = { ...each, scheme };
      const bytes = fileOf(shape);
      for (let layer = 0; layer < (shape.layers ?? 1); layer++) {
        for (let face = 0; face < (shape.faces ?? 1); face++) {
          for (let slice = 0; slice < (shape.depth ?? 1); slice++) {
            const choice = {
              ...(shape.layers ? { layer } : {}),
              ...(shape.faces ? { face } : {}),
              ...(shape.depth ? { slice } : {}),
            };
            const source = await opened(bytes, choice);
            const alone = await opened(fileOfImage(shape, { layer, face, slice }));
            assert.equal(source.presentLevels, alone.presentLevels);
            assert.deepEqual(await allTiles(source), await allTiles(alone), JSON.stringify(choice));
          }
        }
      }
    }
  }
});

Deno.test("rows of an image are those of its own, and start where they are asked for", async () => {
  const shape = { ...SHAPES[1]!, scheme: 2 };
  const bytes = memorySource(fileOf(shape));
  const file = await readKtx2(bytes);
  const alone = memorySource(fileOfImage(shape, { layer: 0, face: 4, slice: 0 }));
  const wanted = ktx2RowSource(alone, await readKtx2(alone), { level: 1 });
  const rows = ktx2RowSource(bytes, file, { level: 1, face: 4 });
  assert.deepEqual(await rows.readRows(3, 5), await wanted.readRows(3, 5));
  const other = ktx2RowSource(bytes, file, { level: 1, face: 5 });
  assert.notDeepEqual(await other.readRows(3, 5), await wanted.readRows(3, 5));
});

async function fileWith(parts: Partial<Ktx2Parts>) {
  const images = (parts.layers ?? 1) * (parts.faces ?? 1) * (parts.depth ?? 1);
  const levels = [{ stored: noise(64 * images, 1) }];
  return await readKtx2(
    memorySource(makeKtx2({ row: RGBA, width: 4, height: 4, levels, ...parts }), "a.ktx2"),
  );
}

Deno.test("without a choice, the error names each option and its range", async () => {
  const cases: [Partial<Ktx2Parts>, ImageChoice, RegExp][] = [
    [{ layers: 5 }, {}, /as it is a 2D array of 5: choose layer from 0 to 4$/],
    [{ faces: 6 }, {}, /as it is a cube map: choose face from 0 to 5$/],
    [{ depth: 3 }, {}, /as it is a 3D texture: choose slice from 0 to 2$/],
    [
      { layers: 2, faces: 6 },
      {},
      /cube map array of 2: choose layer from 0 to 1 and face from 0 to 5$/,
    ],
    [{ layers: 2, faces: 6 }, { layer: 1 }, /choose face from 0 to 5$/],
    [{ layers: 1, faces: 6 }, {}, /choose face from 0 to 5$/],
  ];
  for (const [parts, choice, message] of cases) {
    const file = await fileWith(parts);
    assert.equal(file.unsupported, null);
    assert.throws(() => chosenImage(file, choice), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("an array of one layer, a 3D texture of one slice and a 1D texture need no choice", async () => {
  for (const parts of [{ layers: 1 }, { depth: 1 }, { layers: 1, depth: 1 }]) {
    const image = chosenImage(await fileWith(parts));
    assert.deepEqual([image.layer, image.face, image.slice, image.text], [0, 0, 0, ""]);
  }
  const line = makeKtx2({ row: RGBA, width: 20, height: 0, levels: [{ stored: noise(80, 1) }] });
  const source = await opened(line);
  assert.deepEqual([source.grid.width, source.grid.height], [20, 1]);
  const middle = (await source.readTile(0, 1, 0)).subarray(0, 16 * 4);
  assert.deepEqual(middle, noise(80, 1).subarray(16, 80));
});

Deno.test("choices of the wrong type or out of range are refused, and those that a file has none of", async () => {
  const cube = await fileWith({ faces: 6, layers: 3 });
  const flat = await fileWith({});
  const bad: [typeof cube, ImageChoice, new (...args: never[]) => Error, RegExp][] = [
    [
      cube,
      { layer: 3, face: 0 },
      OutOfRangeError,
      /layer must be an integer from 0 to 2: .* is 3$/,
    ],
    [cube, { layer: -1, face: 0 }, OutOfRangeError, /layer must be/],
    [cube, { layer: 1.5, face: 0 }, OutOfRangeError, /layer must be/],
    [cube, { layer: NaN, face: 0 }, OutOfRangeError, /layer must be/],
    [cube, { layer: 0, face: 6 }, OutOfRangeError, /face must be an integer from 0 to 5/],
    [cube, { layer: 0, face: "0" as never }, InvalidArgumentError, /face must be an integer/],
    [
      cube,
      { layer: 0, face: 0, slice: 0 },
      OutOfRangeError,
      /not a 3D texture, .* slice must be left/,
    ],
    [flat, { layer: 0 }, OutOfRangeError, /not an array, so that layer must be left out/],
    [flat, { face: 0 }, OutOfRangeError, /not a cube map, so that face must be left out/],
    [flat, { slice: true as never }, InvalidArgumentError, /slice must be an integer/],
  ];
  for (const [file, choice, kind, message] of bad) {
    assert.throws(() => chosenImage(file, choice), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("images are counted by layers, then faces, then the slices of their level", async () => {
  const cubes = await fileWith({ layers: 3, faces: 6 });
  assert.equal(imageIndex(cubes, chosenImage(cubes, { layer: 2, face: 4 }), 0), 16);
  const deep = await fileWith({ layers: 3, depth: 5 });
  assert.equal(imageIndex(deep, chosenImage(deep, { layer: 2, slice: 4 }), 0), 14);
});
