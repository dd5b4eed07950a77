// Sampling at the level that a pixel needs. Fragment shaders only, in uniform control flow: the
// derivatives of uv are taken inside. pixel is the fragment's @builtin(position).xy; it decides
// which pixels write feedback.

// One bilinear tap at the nearest level.
fn vt_sample_bilinear(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let squared = vt_longer_squared(vt_Footprint(dpdx(uv), dpdy(uv)));
  let level = vt_rounded_lod(squared);
  vt_report(uv, pixel, level, squared);
  return vt_tap(vt_locate(uv, level, vt_page_table), vt_atlas, vt_sampler);
}

// Two bilinear taps, one in each of the two nearest levels.
fn vt_sample_trilinear(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let squared = vt_longer_squared(vt_Footprint(dpdx(uv), dpdy(uv)));
  let lod = vt_lod(squared);
  vt_report(uv, pixel, i32(lod), squared);
  return vt_trilinear_tap(uv, lod);
}

// Up to max_anisotropy trilinear samples along the footprint's longer axis.
fn vt_sample_anisotropic(uv: vec2<f32>, pixel: vec2<f32>) -> vec4<f32> {
  let footprint = vt_Footprint(dpdx(uv), dpdy(uv));
  let taps = vt_anisotropic_taps(footprint);
  vt_report(uv, pixel, i32(taps.lod), vt_longer_squared(footprint));
  return vt_anisotropic(uv, footprint.dx, footprint.dy);
}
