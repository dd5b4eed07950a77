// Taps of a texture with holes: texels of which a channel is NaN have no value. They count for nothing,
// and the others share their weight; how much of a sample is no hole shows in alpha.
//
// Sums are of what is no hole, in column 0, with the sum of its weights in column 1.

// By the bits, as compilers may take any float for a number.
fn vt_is_hole(texel: vec4<f32>) -> bool {
  let magnitudes = bitcast<vec4<u32>>(texel) & vec4<u32>(0x7fffffffu);
  return any(magnitudes > vec4<u32>(0x7f800000u));
}

fn vt_weighted(texel: vec4<f32>, weight: f32) -> mat2x4<f32> {
  if (vt_is_hole(texel)) {
    return mat2x4<f32>();
  }
  return mat2x4<f32>(weight * texel, vec4<f32>(weight));
}

fn vt_taps(
  place: vt_Place,
  shape: vt_Shape,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vt_Sum {
  if (place.level == vt_no_level) {
    return vt_Sum();
  }
  let at = vt_corners(place, textureDimensions(atlas));
  let layer = place.slot.z;
  let last = at.weight;
  let first = 1.0 - last;
  var sum = vt_weighted(textureLoad(atlas, at.first, layer, 0), first.x * first.y);
  let upper_right = textureLoad(atlas, vec2<i32>(at.last.x, at.first.y), layer, 0);
  sum += vt_weighted(upper_right, last.x * first.y);
  let lower_left = textureLoad(atlas, vec2<i32>(at.first.x, at.last.y), layer, 0);
  sum += vt_weighted(lower_left, first.x * last.y);
  sum += vt_weighted(textureLoad(atlas, at.last, layer, 0), last.x * last.y);
  if (shape.without_alpha.x > 0.0) {
    sum[0].a = sum[1].a;
  }
  return sum;
}

// What a sum stands for: the mean of what is no hole, its alpha lessened by the holes, and its colours
// where they are multiplied by alpha.
fn vt_mixed(sum: vt_Sum) -> vt_Texels {
  let share = sum[1].r;
  if (share <= 0.0) {
    return vt_Texels();
  }
  let mean = vt_swizzled(sum[0] / share);
  return vec4<f32>(mean.rgb * select(1.0, share, vt_is_premultiplied()), mean.a * share);
}

fn vt_tap(
  place: vt_Place,
  without_alpha: f32,
  atlas: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  return vt_mixed(vt_taps(place, vt_shape(), atlas, atlas_sampler));
}
