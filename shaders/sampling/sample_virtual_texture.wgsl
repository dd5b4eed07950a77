// Taps at explicit levels; usable in every shader stage and in any control flow. Where nothing is
// resident they return transparent black.

fn vt_tap(
  place: vt_Place,
  shape: vt_Shape,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let stored = textureSampleLevel(atlas, atlas_sampler, place.atlas_uv, place.slot.z, 0.0);
  let color = vec4<f32>(stored.rgb, max(stored.a, shape.least_alpha));
  return select(color, vec4<f32>(0.0), place.level == vt_no_level);
}

// Two bilinear taps: one at a level from 0 to last_level, and one at the next coarser level with a
// weight of fraction. Each level is looked up by itself, so where one is not resident both taps fall
// back to the same ancestor and no seam shows.
fn vt_two_taps(
  point: vt_Point,
  finer: i32,
  fraction: f32,
  shape: vt_Shape,
  page_table: texture_2d<u32>,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  var color = vec4<f32>(0.0);
  var level = finer;
  var weight = 1.0 - fraction;
  var rest = fraction;
  // A loop, so that the second tap is skipped where no neighbouring pixel needs it: drivers that
  // shade on the CPU run both sides of a branch, but leave a loop when it is done.
  loop {
    let place = vt_locate(point, level, shape, page_table);
    color += weight * vt_tap(place, shape, atlas, atlas_sampler);
    if (rest == 0.0) {
      break;
    }
    level++;
    weight = rest;
    rest = 0.0;
  }
  return color;
}

// The texture at a coordinate and a level of detail, which may be fractional: bilinear within a
// level, and the two nearest levels mixed.
fn sample_virtual_texture(
  virtual_coords: vec2<f32>,
  mip_level: f32,
  page_table: texture_2d<u32>,
  atlas_texture: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let shape = vt_shape();
  let point = vt_point(virtual_coords, shape, atlas_texture);
  let lod = clamp(mip_level, 0.0, f32(shape.last_level));
  let finer = i32(lod);
  let fraction = lod - f32(finer);
  return vt_two_taps(point, finer, fraction, shape, page_table, atlas_texture, atlas_sampler);
}

// One bilinear tap at a level from 0 to last_level.
fn vt_bilinear_tap(uv: vec2<f32>, level: i32, shape: vt_Shape) -> vec4<f32> {
  let point = vt_point(uv, shape, vt_atlas);
  return vt_tap(vt_locate(point, level, shape, vt_page_table), shape, vt_atlas, vt_sampler);
}

// One bilinear tap at a whole level.
fn vt_bilinear(uv: vec2<f32>, level: u32) -> vec4<f32> {
  let shape = vt_shape();
  return vt_bilinear_tap(uv, min(i32(level), shape.last_level), shape);
}

// Two bilinear taps, mixed by the fraction of the level.
fn vt_trilinear(uv: vec2<f32>, lod: f32) -> vec4<f32> {
  return sample_virtual_texture(uv, lod, vt_page_table, vt_atlas, vt_sampler);
}
