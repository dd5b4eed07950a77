// A tap of 32-bit floats that the device's samplers do not filter: four texels, filtered here. Channels
// that the format lacks are as in a sampled texture: 0, and alpha 1.

fn vt_tap(
  place: vt_Place,
  without_alpha: f32,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let at = vt_corners(place, textureDimensions(atlas));
  let layer = place.slot.z;
  let stored = vt_mix_corners(
    textureLoad(atlas, at.first, layer, 0),
    textureLoad(atlas, vec2<i32>(at.last.x, at.first.y), layer, 0),
    textureLoad(atlas, vec2<i32>(at.first.x, at.last.y), layer, 0),
    textureLoad(atlas, at.last, layer, 0),
    at.weight,
  );
  let color = vec4<f32>(stored.rgb, select(stored.a, 1.0, without_alpha > 0.0));
  return select(vt_swizzled(color), vec4<f32>(0.0), place.level == vt_no_level);
}
