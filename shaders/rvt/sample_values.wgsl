// Sampling all attributes of a runtime virtual texture.

fn rvt_filtered_bilinear(at: rvt_Coordinate, footprint: rvt_Footprint, shape: rvt_Shape) -> rvt_Texels {
  return rvt_bilinear_tap(at, rvt_wanted_bilinear(footprint, shape), shape);
}

fn rvt_filtered_trilinear(at: rvt_Coordinate, footprint: rvt_Footprint, shape: rvt_Shape) -> rvt_Texels {
  return rvt_trilinear_tap(at, rvt_lod(rvt_longer_squared(footprint, shape), shape), shape);
}

fn rvt_filtered_anisotropic(
  at: rvt_Coordinate,
  footprint: rvt_Footprint,
  shape: rvt_Shape,
) -> rvt_Texels {
  return rvt_anisotropic_taps_of(at, footprint, shape);
}

// The one way to the texels: reports what is wanted, filters, unpacks.
fn rvt_values_at(uv: vec2f, ddx: vec2f, ddy: vec2f, pixel: vec2f, reports: bool) -> rvt_Values {
  let shape = rvt_shape();
  let at = rvt_from_uv(uv);
  let footprint = rvt_Footprint(ddx, ddy);
  if (reports) {
    let wanted = rvt_wanted_level(footprint, shape);
    rvt_report(rvt_texel_at(at, shape).texel, pixel, wanted, footprint);
  }
  return rvt_unpack(rvt_FILTERED(at, footprint, shape), rvt_placement.height_range);
}

fn rvt_values_of_level(uv: vec2f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  let shape = rvt_shape();
  if (reports) {
    let wanted = i32(clamp(level, 0.0, f32(shape.last_level)));
    // A level that is given has no footprint: any does that is not zero.
    let anywhere = rvt_Footprint(vec2f(1.0), vec2f(1.0));
    rvt_report(rvt_texel_at(rvt_from_uv(uv), shape).texel, pixel, wanted, anywhere);
  }
  return rvt_unpack(rvt_TRILINEAR(uv, level), rvt_placement.height_range);
}

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
