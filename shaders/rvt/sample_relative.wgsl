// Sampling by positions of the world from an origin, in every mip mode: exact near the origin, wherever in the
// world that lies and however large the texture is.

fn rvt_relative_coordinate(place: vec3f, shape: rvt_Shape) -> rvt_Coordinate {
  let offset = rvt_placement.origin_offset + rvt_uv_step(place) * vec2f(shape.size);
  return rvt_from_texel(rvt_placement.origin_texel, offset);
}

fn rvt_sample_relative(place: vec3f, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_sample_relative_bias(place, 0.0, pixel, reports);
}

fn rvt_sample_relative_level(place: vec3f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_of_level_at(rvt_relative_coordinate(place, rvt_shape()), level, pixel, reports);
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
  let at = rvt_relative_coordinate(place, rvt_shape());
  return rvt_values_of_coordinate(at, ddx, ddy, pixel, reports);
}

fn rvt_sample_relative_world_derivatives(
  place: vec3f,
  ddx: vec3f,
  ddy: vec3f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_sample_relative_derivatives(place, rvt_uv_step(ddx), rvt_uv_step(ddy), pixel, reports);
}
