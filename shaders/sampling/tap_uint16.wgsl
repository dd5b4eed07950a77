// A tap of 16-bit integers as if they were normalised: four texels, filtered. Red is 0 to 1, green
// and blue are 0 and alpha is 1, as of r16unorm.

fn vt_tap(
  place: vt_Place,
  without_alpha: f32,
  atlas: texture_2d_array<u32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let at = vt_corners(place, textureDimensions(atlas));
  let layer = place.slot.z;
  let stored = vt_mix_corners(
    vec4<f32>(textureLoad(atlas, at.first, layer, 0)),
    vec4<f32>(textureLoad(atlas, vec2<i32>(at.last.x, at.first.y), layer, 0)),
    vec4<f32>(textureLoad(atlas, vec2<i32>(at.first.x, at.last.y), layer, 0)),
    vec4<f32>(textureLoad(atlas, at.last, layer, 0)),
    at.weight,
  );
  let value = vec4<f32>(stored.r / 65535.0, 0.0, 0.0, 1.0);
  return select(vt_swizzled(value), vec4<f32>(0.0), place.level == vt_no_level);
}
