// Taps of a texture of three planes: one place, a tap in each atlas.

@group(0) @binding(6) var vt_atlas_1: texture_2d_array<f32>;
@group(0) @binding(7) var vt_atlas_2: texture_2d_array<f32>;

fn vt_taps(
  place: vt_Place,
  shape: vt_Shape,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vt_Sum {
  return vt_Texels(
    vt_tap(place, shape.without_alpha.x, atlas, atlas_sampler),
    vt_tap(place, shape.without_alpha.y, vt_atlas_1, atlas_sampler),
    vt_tap(place, shape.without_alpha.z, vt_atlas_2, atlas_sampler),
  );
}
