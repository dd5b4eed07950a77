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
fn rvt_values_of_coordinate(
  at: rvt_Coordinate,
  ddx: vec2f,
  ddy: vec2f,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  let shape = rvt_shape();
  let footprint = rvt_Footprint(ddx, ddy);
  if (reports) {
    let wanted = rvt_wanted_level(footprint, shape);
    rvt_report(rvt_texel_at(at, shape).texel, pixel, wanted, footprint);
  }
  return rvt_unpack(rvt_FILTERED(at, footprint, shape), rvt_placement.height_range);
}

fn rvt_values_at(uv: vec2f, ddx: vec2f, ddy: vec2f, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_of_coordinate(rvt_from_uv(uv), ddx, ddy, pixel, reports);
}

fn rvt_values_of_level(uv: vec2f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  return rvt_values_of_level_at(rvt_from_uv(uv), level, pixel, reports);
}

fn rvt_values_of_level_at(
  at: rvt_Coordinate,
  level: f32,
  pixel: vec2f,
  reports: bool,
) -> rvt_Values {
  let shape = rvt_shape();
  if (reports) {
    let wanted = i32(clamp(level, 0.0, f32(shape.last_level)));
    // A level that is given has no footprint: any does that is not zero.
    let anywhere = rvt_Footprint(vec2f(1.0), vec2f(1.0));
    rvt_report(rvt_texel_at(at, shape).texel, pixel, wanted, anywhere);
  }
  return rvt_unpack(rvt_TRILINEAR, rvt_placement.height_range);
}
