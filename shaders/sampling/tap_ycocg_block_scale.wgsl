// A tap of YCoCg with a scale for each block: four texels, each decoded, then filtered in linear light.

fn vt_tap_ycocg_block_scale(
  place: vt_Place,
  without_alpha: f32,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let at = vt_corners(place, textureDimensions(atlas));
  let layer = place.slot.z;
  let color = vt_mix_corners(
    vt_ycocg_color(textureLoad(atlas, at.first, layer, 0)),
    vt_ycocg_color(textureLoad(atlas, vec2<i32>(at.last.x, at.first.y), layer, 0)),
    vt_ycocg_color(textureLoad(atlas, vec2<i32>(at.first.x, at.last.y), layer, 0)),
    vt_ycocg_color(textureLoad(atlas, at.last, layer, 0)),
    at.weight,
  );
  return select(color, vec4<f32>(0.0), place.level == vt_no_level);
}
