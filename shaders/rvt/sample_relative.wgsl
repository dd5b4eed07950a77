// Sampling by positions of the world from an origin, in every mip mode. A shader that includes this includes
// relative_values.wgsl or layered_relative.wgsl, which say where that is on the texture.

fn rvt_sample_relative(place: vec3f, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_relative_bias(place, 0.0, pixel, reports);
}

fn rvt_sample_relative_level(place: vec3f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_relative_values_of_level(place, level, pixel, reports);
}

fn rvt_sample_relative_bias(place: vec3f, bias: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  let step = rvt_uv_step(place);
  let scale = exp2(bias);
  return rvt_relative_values_at(place, dpdx(step) * scale, dpdy(step) * scale, pixel, reports);
}

fn rvt_sample_relative_derivatives(
  place: vec3f,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_relative_values_at(place, ddx, ddy, pixel, reports);
}

fn rvt_sample_relative_world_derivatives(
  place: vec3f,
  ddx: vec3f,
  ddy: vec3f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_relative_values_at(place, rvt_uv_step(ddx), rvt_uv_step(ddy), pixel, reports);
}
