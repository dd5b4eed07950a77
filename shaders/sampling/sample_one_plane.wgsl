// Taps of a texture of one plane.

fn vt_taps(
  place: vt_Place,
  shape: vt_Shape,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vt_Sum {
  return vt_tap(place, shape.without_alpha.x, atlas, atlas_sampler);
}
