// Texels to encode, from a texture: its stored values, so a view without sRGB decoding. `source` is
// column, row and layer of the tile.

@group(0) @binding(1) var source_texture: texture_2d_array<f32>;

fn source_texel(tile: EncodeTile, x: u32, y: u32) -> u32 {
  let value = textureLoad(source_texture, tile.source.xy + vec2u(x, y), tile.source.z, 0);
  return pack4x8unorm(value);
}
