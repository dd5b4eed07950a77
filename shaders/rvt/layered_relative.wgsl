// Sampling by positions of the world from the picture's origin, of layers that are evaluated.

fn rvt_relative_uv(place: vec3f) -> vec2f {
  let origin = vec2f(rvt_placement.origin_texel) + rvt_placement.origin_offset;
  return origin / rvt_layers.xy + rvt_uv_step(place);
}

fn rvt_sample_relative(place: vec3f, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_relative_bias(place, 0.0, pixel, reports);
}

fn rvt_sample_relative_level(place: vec3f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_uv_level(rvt_relative_uv(place), level, pixel, reports);
}

fn rvt_sample_relative_bias(place: vec3f, bias: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  let step = rvt_uv_step(place);
  let scale = exp2(bias);
  return rvt_sample_relative_derivatives(place, dpdx(step) * scale, dpdy(step) * scale, pixel, reports);
}

fn rvt_sample_relative_derivatives(
  place: vec3f,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_sample_uv_derivatives(rvt_relative_uv(place), ddx, ddy, pixel, reports);
}

fn rvt_sample_relative_world_derivatives(
  place: vec3f,
  ddx: vec3f,
  ddy: vec3f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_sample_uv_world_derivatives(rvt_relative_uv(place), ddx, ddy, pixel, reports);
}
