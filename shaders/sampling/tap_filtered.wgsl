// A tap as the hardware filters it: linear light from sRGB formats, else stored values.

fn vt_tap(
  place: vt_Place,
  without_alpha: f32,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let stored = textureSampleLevel(atlas, atlas_sampler, place.atlas_uv, place.slot.z, 0.0);
  let color = vec4<f32>(stored.rgb, select(stored.a, 1.0, without_alpha > 0.0));
  return select(vt_swizzled(color), vec4<f32>(0.0), place.level == vt_no_level);
}
