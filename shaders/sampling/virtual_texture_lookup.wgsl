// From a coordinate and a level to a place in the atlas: one page-table load.
//
// Coordinates are clamped to the edge level by level, so that bilinear taps never see what is beyond
// a level; along axes that repeat, slots hold there what the other side of the level does.

// Where the content for a coordinate lies.
struct vt_Place {
  // Coordinate in the atlas layer, 0..1.
  atlas_uv: vec2<f32>,
  // Slot in rows and columns of the layer, and the layer.
  slot: vec3<i32>,
  // Level of the content: the requested level, that of the nearest resident ancestor, or
  // vt_no_level.
  level: u32,
}

// Size of a level in texels: floored halves, at least 1.
fn vt_level_size(level: i32, shape: vt_Shape) -> vec2<i32> {
  return max(shape.size >> vec2<u32>(u32(level)), vec2<i32>(1));
}

// Tile of a level of a size that stands for a texel of level 0.
//
// Sizes are floored halves, so a coordinate lies up to a texel before its texel of level 0, shifted:
// it may leave the tile's payload by that much, into the border. In return tiles nest exactly: the
// tile of an ancestor is this one's, shifted.
fn vt_tile_at(texel: vec2<i32>, level: i32, size: vec2<i32>, shape: vt_Shape) -> vec2<i32> {
  let last_tile = (size - 1) >> vec2<u32>(shape.tile_shift);
  return min(texel >> vec2<u32>(u32(level) + shape.tile_shift), last_tile);
}

// What lookups of a coordinate have in common, whatever the level.
struct vt_Point {
  // uv in the texture.
  coordinate: vt_Coordinate,
  // As in vt_Texel.
  texel: vec2<i32>,
  fraction: vec2<f32>,
  inverse_atlas_size: vec2<f32>,
  // How far beyond the edges of a level its slots may be read, in texels: 0, or farther than they reach.
  reach: vec2<i32>,
}

fn vt_point(
  coordinate: vt_Coordinate,
  shape: vt_Shape,
  atlas: texture_2d_array<f32>,
) -> vt_Point {
  let atlas_size = vec2<f32>(vec2<i32>(textureDimensions(atlas)));
  var within = coordinate;
  if (!coordinate.is_exact) {
    within.at = vt_wrapped_uv(coordinate.at, shape);
  }
  let at = vt_texel_at(coordinate, shape);
  let reach = select(vec2<i32>(0), vec2<i32>(1 << 20u), shape.repeats);
  return vt_Point(within, at.texel, at.fraction, 1.0 / atlas_size, reach);
}

// Index of the tile of a level (0 to last_level) that stands for a texel of level 0. The columns
// are computed from the level's size, which is known anyway: that is cheaper than a second indexed
// load.
fn vt_tile_index(texel: vec2<i32>, level: i32, shape: vt_Shape) -> i32 {
  let size = vt_level_size(level, shape);
  let tile = vt_tile_at(texel, level, size, shape);
  let columns = ((size.x - 1) >> shape.tile_shift) + 1;
  return vt_params.first_tiles[level].x + tile.y * columns + tile.x;
}

fn vt_load_page_entry(index: i32, shape: vt_Shape, page_table: texture_2d<u32>) -> vec4<u32> {
  let mask = (1 << shape.table_shift) - 1;
  return textureLoad(page_table, vec2<i32>(index & mask, index >> shape.table_shift), 0);
}

// Way from a tile's corner to an exact point, in texels of the tile's level. No number is larger than
// the tile by much, so none is rounded by much.
//
// A point p of level 0 lies at p * size / S in a level, where S is the size of level 0. With the
// corner's texel of level 0, C = corner * 2^level, and the texels that floored halves lose,
// R = S - size * 2^level, that is corner + (p - C) * size / S - corner * R / S.
fn vt_from_corner(
  point: vt_Point,
  corner: vec2<i32>,
  level: i32,
  size: vec2<i32>,
  shape: vt_Shape,
) -> vec2<f32> {
  let shift = vec2<u32>(u32(level));
  let way = vec2<f32>(point.texel - (corner << shift)) + point.fraction;
  let lost = corner * (shape.size - (size << shift));
  let full = vec2<f32>(shape.size);
  return way * (vec2<f32>(size) / full) - vec2<f32>(lost) / full;
}

// Place of the content for a point at a level from 0 to last_level. The local coordinate is
// computed at the content's level, not at the wanted one, and stays half a texel inside both the
// level and the slot, so that a bilinear tap reads no other slot, whatever the border.
//
// Integers wherever they do, and products of the coordinate only where they are needed: one pixel's
// lookup is a long chain of operations that wait for each other.
fn vt_locate(
  point: vt_Point,
  level: i32,
  shape: vt_Shape,
  page_table: texture_2d<u32>,
) -> vt_Place {
  let index = vt_tile_index(point.texel, level, shape);
  let page_entry = vt_load_page_entry(index, shape, page_table);
  let content_level = i32(vt_page_entry_level(page_entry));
  let size = vt_level_size(content_level, shape);
  let content_tile = vt_tile_at(point.texel, content_level, size, shape);
  let slot = vec3<i32>(unpack_atlas_coords(page_entry));
  let payload_and_border = (1 << shape.tile_shift) + shape.border;
  let slot_corner = slot.xy * (payload_and_border + shape.border) + shape.border;
  let tile_corner = content_tile << vec2<u32>(shape.tile_shift);
  // First and last texel that taps may read, in texels from here.
  let least = max(tile_corner - shape.border, -point.reach);
  let most = min(tile_corner + payload_and_border, size + point.reach);
  if (point.coordinate.is_exact) {
    let from_corner = vt_from_corner(point, tile_corner, content_level, size, shape);
    let nearest = vec2<f32>(least - tile_corner) + 0.5;
    let local = clamp(from_corner, nearest, vec2<f32>(most - tile_corner) - 0.5);
    let atlas_uv = (vec2<f32>(slot_corner) + local) * point.inverse_atlas_size;
    return vt_Place(atlas_uv, slot, u32(content_level));
  }
  let in_level = clamp(
    point.coordinate.at * vec2<f32>(size),
    vec2<f32>(least) + 0.5,
    vec2<f32>(most) - 0.5,
  );
  let atlas_uv = (vec2<f32>(slot_corner - tile_corner) + in_level) * point.inverse_atlas_size;
  return vt_Place(atlas_uv, slot, u32(content_level));
}

// As vt_content_level, of a coordinate of either kind.
fn vt_content_level_of(coordinate: vt_Coordinate, level: u32) -> u32 {
  let shape = vt_shape();
  let texel = vt_texel_at(coordinate, shape).texel;
  let index = vt_tile_index(texel, min(i32(level), shape.last_level), shape);
  return vt_page_entry_level(vt_load_page_entry(index, shape, vt_page_table));
}

// Level of the content that a tap at a level would show; vt_no_level if nothing is resident.
fn vt_content_level(uv: vec2<f32>, level: u32) -> u32 {
  return vt_content_level_of(vt_from_uv(uv), level);
}

fn vt_content_level_at(texel: vec2<i32>, offset: vec2<f32>, level: u32) -> u32 {
  return vt_content_level_of(vt_from_texel(texel, offset), level);
}
