// From a coordinate and a level to a place in the atlas: one page-table load.
//
// uv is (0, 0) at the first texel's outer corner and (1, 1) at the last one's; what lies outside is
// clamped to the edge, level by level, so that bilinear taps never see what is beyond a level.

// Where the content for a coordinate lies.
struct vt_Place {
  // Coordinate in the atlas layer, 0..1.
  atlas_uv: vec2<f32>,
  // Layer of the atlas.
  layer: i32,
  // Level of the content: the level asked for, that of the nearest resident ancestor, or
  // vt_no_level.
  level: u32,
  // Number of the slot.
  slot: u32,
}

// 2^-level, exactly: the exponent's bits of IEEE 754.
fn vt_level_scale(level: i32) -> f32 {
  return bitcast<f32>((127 - level) << 23u);
}

// Size of a level in texels: floored halves, at least 1.
fn vt_level_size(level: i32) -> vec2<f32> {
  return max(floor(vt_params.size * vt_level_scale(level)), vec2<f32>(1.0));
}

// Tile of a level (0 to last_level) that holds a coordinate.
//
// Signed conversions here and below: unsigned ones cost several instructions on CPUs.
fn vt_tile_at(uv: vec2<f32>, level: i32) -> vec2<i32> {
  let size = vt_level_size(level);
  let texel = clamp(uv * size, vec2<f32>(0.0), size - 0.5);
  return vec2<i32>(texel * vt_params.inverse_tile_size);
}

// Number of a tile's page-table entry. The columns are computed from the level's size, which is known
// anyway: that is cheaper than a second indexed load.
fn vt_entry_index(tile: vec2<i32>, level: i32) -> i32 {
  let columns = i32((vt_level_size(level).x - 0.5) * vt_params.inverse_tile_size) + 1;
  return vt_params.first_entries[level].x + tile.y * columns + tile.x;
}

fn vt_load_entry(index: i32, page_table: texture_2d<u32>) -> vec4<u32> {
  let texel = vec2<i32>(index & vt_params.table_mask, index >> vt_params.table_shift);
  return textureLoad(page_table, texel, 0);
}

// Place of the content for a coordinate at a level from 0 to last_level.
//
// The local coordinate is computed at the content's level, not at the wanted one. An ancestor's tile
// follows from the wanted tile by shifting, not from the coordinate: floored sizes do not nest
// exactly, so the coordinate may lie a texel or so outside that tile's payload, in its border.
fn vt_locate(uv: vec2<f32>, level: i32, page_table: texture_2d<u32>) -> vt_Place {
  let tile = vt_tile_at(uv, level);
  let entry = vt_load_entry(vt_entry_index(tile, level), page_table);
  let content_level = i32(vt_entry_level(entry));
  let size = vt_level_size(content_level);
  let texel = clamp(uv * size, vec2<f32>(0.5), size - 0.5);
  let last_tile = floor((size - 0.5) * vt_params.inverse_tile_size);
  let content_tile = min(vec2<f32>(tile >> vec2<u32>(u32(content_level - level))), last_tile);
  let slot = vec3<i32>(unpack_atlas_coords(entry));
  let in_slot = texel - content_tile * vt_params.tile_size + vt_params.border;
  let at = vec2<f32>(slot.xy) * vt_params.slot_size + in_slot;
  let grid = vt_params.atlas_grid;
  return vt_Place(
    at * vt_params.inverse_atlas_size,
    slot.z,
    u32(content_level),
    (u32(slot.z) * grid.y + u32(slot.y)) * grid.x + u32(slot.x),
  );
}

// Level of the content that a tap at a level would show; vt_no_level if nothing is resident.
fn vt_content_level(uv: vec2<f32>, level: u32) -> u32 {
  let wanted = min(i32(level), vt_params.last_level);
  let tile = vt_tile_at(uv, wanted);
  return vt_entry_level(vt_load_entry(vt_entry_index(tile, wanted), vt_page_table));
}
