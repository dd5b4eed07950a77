// Values at positions of the world from the picture's origin, of layers that are evaluated.

fn rvt_relative_uv(place: vec3f) -> vec2f {
  let origin = vec2f(rvt_placement.origin_texel) + rvt_placement.origin_offset;
  return origin / rvt_layers.xy + rvt_uv_step(place);
}

fn rvt_relative_values_at(
  place: vec3f,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  return rvt_values_at(rvt_relative_uv(place), ddx, ddy, pixel, reports);
}

fn rvt_relative_values_of_level(place: vec3f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_of_level(rvt_relative_uv(place), level, pixel, reports);
}
