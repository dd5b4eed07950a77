// Packs what tiles were filled with into the texels of their planes: one thread packs four texels of
// a row. src/rvt/planes/pack_shader.ts adds the targets, `load_values` and `pack_quad`, which depend on
// the material type.
//
// Values are written as they are, but clamped, and normals normalised.

struct PlanePlace {
  // In words of `packed_words`: where the first tile's texels begin, from tile to tile, and from row
  // to row.
  first: u32,
  tile_words: u32,
  row_words: u32,
  unused: u32,
}

struct PackParams {
  planes: array<PlanePlace, 3>,
  // World z that is stored as 0, and as 1.
  height_range: vec2f,
  // Edge of a tile in texels, border included.
  slot_texels: u32,
  // Linear colour that base colours are mixed with, and its part of them, 8 bits each: a part of 0 leaves
  // them as they are.
  tint: u32,
  // Linear light from which on the next 8-bit sRGB value is nearer than this one.
  srgb_thresholds: array<vec4f, 64>,
}

@group(0) @binding(0) var<uniform> pack_params: PackParams;
@group(0) @binding(1) var<storage, read_write> packed_words: array<u32>;

fn unorm8(value: f32) -> u32 {
  return u32(floor(saturate(value) * 255.0 + 0.5));
}

fn unorm16(value: f32) -> u32 {
  return u32(floor(saturate(value) * 65535.0 + 0.5));
}

// The 8-bit sRGB value nearest to linear light, on the encoded scale (IEC 61966-2-1). Powers of
// floats are not exact, so a value that is low by less than a step is set right by its threshold.
fn srgb8(value: f32) -> u32 {
  let light = saturate(value);
  let gamma = select(1.055 * pow(light, 1.0 / 2.4) - 0.055, light * 12.92, light <= 0.0031308);
  let least = u32(max(0.0, gamma * 255.0 + 0.5 - 1.0 / 64.0));
  return least + select(0u, 1u, light >= pack_params.srgb_thresholds[least / 4u][least % 4u]);
}

fn axis8(value: f32) -> u32 {
  return unorm8(0.5 * value + 0.5);
}

fn sign8(value: f32) -> u32 {
  return select(0u, 255u, value >= 0.0);
}

fn height16(z: f32) -> u32 {
  let range = pack_params.height_range;
  return unorm16((z - range.x) / (range.y - range.x));
}

// The vector of length 1 in its direction; up if it has none.
fn stored_normal(vector: vec3f) -> vec3f {
  let squared = dot(vector, vector);
  return select(vec3f(0.0, 0.0, 1.0), vector * inverseSqrt(squared), squared > 0.0);
}

fn tinted(color: vec3f) -> vec3f {
  let tint = unpack4x8unorm(pack_params.tint);
  return select(color, mix(saturate(color), tint.rgb, tint.a), tint.a > 0.0);
}

// Word of a plane for a tile's row and column of words.
fn word_at(plane: u32, tile: u32, row: u32, column: u32) -> u32 {
  let place = pack_params.planes[plane];
  return place.first + tile * place.tile_words + row * place.row_words + column;
}

@compute @workgroup_size(16, 4)
fn pack(@builtin(global_invocation_id) id: vec3u) {
  if (4u * id.x < pack_params.slot_texels && id.y < pack_params.slot_texels) {
    pack_quad(id.z, id.y, id.x);
  }
}
