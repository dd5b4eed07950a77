// Values at positions of the world from an origin: exact near the origin, wherever in the world that lies and
// however large the texture is.

fn rvt_relative_coordinate(place: vec3f) -> rvt_Coordinate {
  let offset = rvt_placement.origin_offset + rvt_uv_step(place) * vec2f(rvt_shape().size);
  return rvt_from_texel(rvt_placement.origin_texel, offset);
}

fn rvt_relative_values_at(
  place: vec3f,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_values_of_coordinate(rvt_relative_coordinate(place), ddx, ddy, pixel, reports);
}

fn rvt_relative_values_of_level(place: vec3f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_of_level_at(rvt_relative_coordinate(place), level, pixel, reports);
}
