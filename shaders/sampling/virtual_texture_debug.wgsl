// Debug view: the level of the content that is shown as a colour, and tiles outlined.

// A colour for each level; neighbours differ by the golden angle in hue.
fn vt_level_color(level: u32) -> vec3<f32> {
  let turns = f32(level) * 0.381966 + vec3<f32>(0.0, 0.3333, 0.6667);
  return 0.5 + 0.5 * cos(6.283185 * turns);
}

// Place in the tile of the content that is shown, in tiles.
fn vt_in_tile(point: vt_Point, level: i32, shape: vt_Shape) -> vec2<f32> {
  let size = vt_level_size(level, shape);
  let tile_texels = f32(1 << shape.tile_shift);
  if (!point.coordinate.is_exact) {
    return fract(point.coordinate.at * vec2<f32>(size) / tile_texels);
  }
  let corner = vt_tile_at(point.texel, level, size, shape) << vec2<u32>(shape.tile_shift);
  return fract(vt_from_corner(point, corner, level, size, shape) / tile_texels);
}

fn vt_debug_level_of(
  coordinate: vt_Coordinate,
  footprint: vt_Footprint,
  pixel: vec2<f32>,
) -> vec4<f32> {
  let width = abs(footprint.dx) + abs(footprint.dy);
  let shape = vt_shape();
  let level = vt_wanted_bilinear(footprint, shape);
  let point = vt_point(coordinate, shape, vt_atlas);
  vt_report(point.texel, pixel, level, footprint);
  let place = vt_locate(point, level, shape, vt_page_table);
  if (place.level == vt_no_level) {
    return vec4<f32>(0.0, 0.0, 0.0, 1.0);
  }
  let tiles = vec2<f32>(vt_level_size(i32(place.level), shape)) / f32(1 << shape.tile_shift);
  let from_edge = vt_in_tile(point, i32(place.level), shape);
  let pixels = min(from_edge, 1.0 - from_edge) / max(width * tiles, vec2<f32>(1e-20));
  let color = vt_tap(place, shape.without_alpha.x, vt_atlas, vt_sampler);
  let brightest = max(color.r, max(color.g, color.b));
  let tinted = vt_level_color(place.level) * (0.35 + 0.65 * brightest);
  let outlined = min(pixels.x, pixels.y) < 0.75;
  return vec4<f32>(select(tinted, vec3<f32>(1.0), outlined), 1.0);
}

// The level's colour, modulated by the brightest channel of plane 0, with white lines of a pixel's
// width around tiles of the content's level. Black where nothing is resident. Fragment
// shaders only, in uniform control flow.
fn vt_debug_level(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  return vt_debug_level_of(vt_from_uv(uv), vt_Footprint(dpdx(uv), dpdy(uv)), pixel);
}

fn vt_debug_level_at(texel: vec2<i32>, offset: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let footprint = vt_footprint_of_texels(dpdx(offset), dpdy(offset), vt_shape());
  return vt_debug_level_of(vt_from_texel(texel, offset), footprint, pixel);
}
