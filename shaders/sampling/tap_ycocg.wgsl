// A tap of YCoCg with one scale for the whole tile: filtered by the hardware, then decoded, so that
// what is mixed from several tiles is light.

fn vt_tap_ycocg(
  place: vt_Place,
  without_alpha: f32,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let stored = textureSampleLevel(atlas, atlas_sampler, place.atlas_uv, place.slot.z, 0.0);
  return select(vt_ycocg_color(stored), vec4<f32>(0.0), place.level == vt_no_level);
}
