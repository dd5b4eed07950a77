// Sampling at the level that a pixel needs. Fragment shaders only, in uniform control flow: the
// derivatives of uv are taken inside. pixel is the fragment's @builtin(position).xy; it decides
// which pixels report what they want.

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

// One bilinear tap at the nearest level.
fn vt_sample_bilinear(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let footprint = vt_Footprint(dpdx(uv), dpdy(uv));
  let shape = vt_shape();
  let level = vt_wanted_bilinear(footprint, shape);
  vt_report(uv, pixel, level, footprint);
  return vt_bilinear_tap(uv, level, shape);
}

// Two bilinear taps, one in each of the two nearest levels.
fn vt_sample_trilinear(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let footprint = vt_Footprint(dpdx(uv), dpdy(uv));
  let shape = vt_shape();
  let lod = vt_lod(vt_longer_squared(footprint, shape), shape);
  vt_report(uv, pixel, lod.finer, footprint);
  return vt_trilinear_tap(uv, lod, shape);
}

// Up to max_anisotropy trilinear samples along the footprint's longer axis.
fn vt_sample_anisotropic(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let footprint = vt_Footprint(dpdx(uv), dpdy(uv));
  vt_report(uv, pixel, vt_wanted_anisotropic(footprint, vt_shape()), footprint);
  return vt_anisotropic(uv, footprint.dx, footprint.dy);
}
