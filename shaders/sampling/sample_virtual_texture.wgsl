// Taps at explicit levels; usable in every shader stage and in any control flow. Where nothing is
// resident they return transparent black.
//
// vt_Texels is what sampling returns: one vec4<f32> for each plane. The file of the number of planes has
// vt_taps, which taps all of them at one place, each as the file of its kind of tap does; what it
// returns, vt_Sum, is added up with weights, and vt_mixed makes texels of the sum.

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
) -> vt_Sum {
  var texels = vt_Sum();
  var level = finer;
  var weight = 1.0 - fraction;
  var rest = fraction;
  // A loop, so that the second tap is skipped where no neighbouring pixel needs it: drivers that
  // shade on the CPU run both sides of a branch, but leave a loop when it is done.
  loop {
    let place = vt_locate(point, level, shape, page_table);
    texels += weight * vt_taps(place, shape, atlas, atlas_sampler);
    if (rest == 0.0) {
      break;
    }
    level++;
    weight = rest;
    rest = 0.0;
  }
  return texels;
}

// Two bilinear taps at a level of detail, which may be fractional.
fn vt_two_taps_at_lod(
  coordinate: vt_Coordinate,
  level_of_detail: f32,
  page_table: texture_2d<u32>,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vt_Sum {
  let shape = vt_shape();
  let point = vt_point(coordinate, shape, atlas);
  let lod = clamp(level_of_detail, 0.0, f32(shape.last_level));
  let finer = i32(lod);
  let fraction = lod - f32(finer);
  return vt_two_taps(point, finer, fraction, shape, page_table, atlas, atlas_sampler);
}

// The texture at a coordinate and a level of detail, which may be fractional: bilinear within a
// level, and the two nearest levels mixed. atlas_texture is plane 0's.
fn sample_virtual_texture(
  virtual_coords: vec2<f32>,
  mip_level: f32,
  page_table: texture_2d<u32>,
  atlas_texture: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vt_Texels {
  let coordinate = vt_from_uv(virtual_coords);
  return vt_mixed(
    vt_two_taps_at_lod(coordinate, mip_level, page_table, atlas_texture, atlas_sampler),
  );
}

// One bilinear tap at a level from 0 to last_level.
fn vt_bilinear_tap(coordinate: vt_Coordinate, level: i32, shape: vt_Shape) -> vt_Sum {
  let point = vt_point(coordinate, shape, vt_atlas);
  return vt_taps(vt_locate(point, level, shape, vt_page_table), shape, vt_atlas, vt_sampler);
}

// One bilinear tap at an integer level.
fn vt_bilinear(uv: vec2<f32>, level: u32) -> vt_Texels {
  let shape = vt_shape();
  return vt_mixed(vt_bilinear_tap(vt_from_uv(uv), min(i32(level), shape.last_level), shape));
}

fn vt_bilinear_at(texel: vec2<i32>, offset: vec2<f32>, level: u32) -> vt_Texels {
  let shape = vt_shape();
  let coordinate = vt_from_texel(texel, offset);
  return vt_mixed(vt_bilinear_tap(coordinate, min(i32(level), shape.last_level), shape));
}

// Two bilinear taps, mixed by the fraction of the level.
fn vt_trilinear(uv: vec2<f32>, lod: f32) -> vt_Texels {
  return sample_virtual_texture(uv, lod, vt_page_table, vt_atlas, vt_sampler);
}

fn vt_trilinear_at(texel: vec2<i32>, offset: vec2<f32>, lod: f32) -> vt_Texels {
  let coordinate = vt_from_texel(texel, offset);
  return vt_mixed(vt_two_taps_at_lod(coordinate, lod, vt_page_table, vt_atlas, vt_sampler));
}
