// Sampling at the level that a pixel needs. Fragment shaders only, in uniform control flow: the
// derivatives are taken inside, of uv or of the offset from a texel that is the same for all pixels
// of a draw. pixel is the fragment's @builtin(position).xy; it decides which pixels report what they
// want.

// Finest level that each filter takes for a footprint.
fn vt_wanted_bilinear(footprint: vt_Footprint, shape: vt_Shape) -> i32 {
  return vt_rounded_lod(vt_longer_squared(footprint, shape), shape);
}

fn vt_wanted_trilinear(footprint: vt_Footprint, shape: vt_Shape) -> i32 {
  return vt_lod(vt_longer_squared(footprint, shape), shape).finer;
}

fn vt_wanted_anisotropic(footprint: vt_Footprint, shape: vt_Shape) -> i32 {
  return vt_anisotropic_taps(footprint, shape).lod.finer;
}

fn vt_bilinear_of(
  coordinate: vt_Coordinate,
  footprint: vt_Footprint,
  pixel: vec2<f32>,
  shape: vt_Shape,
) -> vt_Texels {
  let level = vt_wanted_bilinear(footprint, shape);
  vt_report(vt_texel_at(coordinate, shape).texel, pixel, level, footprint);
  return vt_mixed(vt_bilinear_tap(coordinate, level, shape));
}

fn vt_trilinear_of(
  coordinate: vt_Coordinate,
  footprint: vt_Footprint,
  pixel: vec2<f32>,
  shape: vt_Shape,
) -> vt_Texels {
  let lod = vt_lod(vt_longer_squared(footprint, shape), shape);
  vt_report(vt_texel_at(coordinate, shape).texel, pixel, lod.finer, footprint);
  return vt_mixed(vt_trilinear_tap(coordinate, lod, shape));
}

fn vt_anisotropic_of(
  coordinate: vt_Coordinate,
  footprint: vt_Footprint,
  pixel: vec2<f32>,
  shape: vt_Shape,
) -> vt_Texels {
  let level = vt_wanted_anisotropic(footprint, shape);
  vt_report(vt_texel_at(coordinate, shape).texel, pixel, level, footprint);
  return vt_mixed(vt_anisotropic_taps_of(coordinate, footprint, shape));
}

// One bilinear tap at the nearest level.
fn vt_sample_bilinear(uv: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  return vt_bilinear_of(vt_from_uv(uv), vt_Footprint(dpdx(uv), dpdy(uv)), pixel, vt_shape());
}

fn vt_sample_bilinear_at(texel: vec2<i32>, offset: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  let shape = vt_shape();
  let footprint = vt_footprint_of_texels(dpdx(offset), dpdy(offset), shape);
  return vt_bilinear_of(vt_from_texel(texel, offset), footprint, pixel, shape);
}

// Two bilinear taps, one in each of the two nearest levels.
fn vt_sample_trilinear(uv: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  return vt_trilinear_of(vt_from_uv(uv), vt_Footprint(dpdx(uv), dpdy(uv)), pixel, vt_shape());
}

fn vt_sample_trilinear_at(texel: vec2<i32>, offset: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  let shape = vt_shape();
  let footprint = vt_footprint_of_texels(dpdx(offset), dpdy(offset), shape);
  return vt_trilinear_of(vt_from_texel(texel, offset), footprint, pixel, shape);
}

// Up to max_anisotropy trilinear samples along the footprint's longer axis.
fn vt_sample_anisotropic(uv: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  return vt_anisotropic_of(vt_from_uv(uv), vt_Footprint(dpdx(uv), dpdy(uv)), pixel, vt_shape());
}

fn vt_sample_anisotropic_at(texel: vec2<i32>, offset: vec2<f32>, pixel: vec2<f32>) -> vt_Texels {
  let shape = vt_shape();
  let footprint = vt_footprint_of_texels(dpdx(offset), dpdy(offset), shape);
  return vt_anisotropic_of(vt_from_texel(texel, offset), footprint, pixel, shape);
}
