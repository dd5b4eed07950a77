// Texels to encode, from a buffer: RGBA8, one word a texel. `source.x` is a word, the pitch is in
// words.

@group(0) @binding(1) var<storage, read> source_words: array<u32>;

fn source_texel(tile: EncodeTile, x: u32, y: u32) -> u32 {
  return source_words[tile.source.x + y * tile.source_pitch + x];
}
