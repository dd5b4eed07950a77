// Entry point of every block encoder: one thread encodes one 4×4 block of one tile.
//
// A format's file defines `fn encode_block() -> vec4u` over `texel(0)` to `texel(15)`; formats with
// 8-byte blocks leave z and w 0. A source file defines `fn source_texel(tile, x, y) -> u32`.

struct EncodeTile {
  // Where the tile's texel (0, 0) is, and the pitch of its rows; the file of the source says in which
  // units.
  source: vec3u,
  source_pitch: u32,
  size: vec2u,
  // In 32-bit words of `target_words`, as is the pitch from one row of blocks to the next.
  target_offset: u32,
  target_pitch: u32,
}

struct EncodeTable {
  // Of each two-subset partition of BC7, the mask of subset 1 and, from bit 16, the anchor of that
  // subset. In a buffer, since some compilers copy a constant array for each access.
  patterns: array<u32, 64>,
  tiles: array<EncodeTile>,
}

@group(0) @binding(0) var<storage, read> encode_table: EncodeTable;
@group(0) @binding(2) var<storage, read_write> target_words: array<u32>;

// Words of a block: 2 or 4.
override block_words: u32 = 4u;
// 0 low, 1 medium, 2 high.
override quality: u32 = 1u;

// The block's texels, RGBA8, row by row. Packed, since every dynamically indexed word of private
// memory costs a software adapter one access per lane.
var<private> packed_texels: array<u32, 16>;

// Which tile the block is part of.
var<private> tile_index: u32;

// Stored value of texel i of the block, 0 to 255 a channel.
fn texel(i: u32) -> vec4f {
  let packed = packed_texels[i];
  return vec4f((vec4u(packed) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
}

// Loads a block's texels; false if the tile has no such block.
fn load_block(index: u32, tile_at: u32) -> bool {
  let tile = encode_table.tiles[tile_at];
  let grid = block_grid(tile);
  if (index >= grid.x * grid.y) {
    return false;
  }
  let block = vec2u(index % grid.x, index / grid.x);
  // Blocks that stand over the edge repeat the edge's texels.
  let last = tile.size - vec2u(1u);
  for (var i = 0u; i < 16u; i++) {
    let at = min(4u * block + vec2u(i & 3u, i >> 2u), last);
    packed_texels[i] = source_texel(tile, at.x, at.y);
  }
  return true;
}

fn block_grid(tile: EncodeTile) -> vec2u {
  return (tile.size + vec2u(3u)) / 4u;
}

@compute @workgroup_size(64)
fn encode(@builtin(global_invocation_id) id: vec3u) {
  tile_index = id.y;
  if (!load_block(id.x, id.y)) {
    return;
  }
  let tile = encode_table.tiles[id.y];
  let columns = block_grid(tile).x;
  let block = vec2u(id.x % columns, id.x / columns);
  let words = encode_block();
  let at = tile.target_offset + block.y * tile.target_pitch + block.x * block_words;
  target_words[at] = words.x;
  target_words[at + 1u] = words.y;
  if (block_words == 4u) {
    target_words[at + 2u] = words.z;
    target_words[at + 3u] = words.w;
  }
}
