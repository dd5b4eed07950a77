// Sampling by places of the world or of the texture, in every mip mode.

fn rvt_sample_uv(place: vec2f, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_at(place, dpdx(place), dpdy(place), pixel, reports);
}

fn rvt_sample_uv_level(place: vec2f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_of_level(place, level, pixel, reports);
}

fn rvt_sample_uv_bias(place: vec2f, bias: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  let scale = exp2(bias);
  return rvt_values_at(place, dpdx(place) * scale, dpdy(place) * scale, pixel, reports);
}

fn rvt_sample_uv_derivatives(
  place: vec2f,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_values_at(place, ddx, ddy, pixel, reports);
}

fn rvt_sample_uv_world_derivatives(
  place: vec2f,
  ddx: vec3f,
  ddy: vec3f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_values_at(place, rvt_uv_step(ddx), rvt_uv_step(ddy), pixel, reports);
}

fn rvt_sample_world(place: vec3f, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_uv(rvt_uv_of(place), pixel, reports);
}

fn rvt_sample_world_level(place: vec3f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_uv_level(rvt_uv_of(place), level, pixel, reports);
}

fn rvt_sample_world_bias(place: vec3f, bias: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_uv_bias(rvt_uv_of(place), bias, pixel, reports);
}

fn rvt_sample_world_derivatives(
  place: vec3f,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_sample_uv_derivatives(rvt_uv_of(place), ddx, ddy, pixel, reports);
}

fn rvt_sample_world_world_derivatives(
  place: vec3f,
  ddx: vec3f,
  ddy: vec3f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_sample_uv_world_derivatives(rvt_uv_of(place), ddx, ddy, pixel, reports);
}
