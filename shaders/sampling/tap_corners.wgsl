// The four texels that a bilinear tap mixes, for what samplers cannot filter.

struct vt_Corners {
  // Columns and rows of the upper left texel, and of the lower right one.
  first: vec2<i32>,
  last: vec2<i32>,
  // Weight of the last column and row, 0 to 1.
  weight: vec2<f32>,
}

fn vt_corners(place: vt_Place, atlas_size: vec2<u32>) -> vt_Corners {
  let at = place.atlas_uv * vec2<f32>(atlas_size) - 0.5;
  let whole = floor(at);
  let most = vec2<i32>(atlas_size) - 1;
  let first = clamp(vec2<i32>(whole), vec2<i32>(0), most);
  return vt_Corners(first, min(first + 1, most), at - whole);
}

fn vt_mix_corners(
  upper_left: vec4<f32>,
  upper_right: vec4<f32>,
  lower_left: vec4<f32>,
  lower_right: vec4<f32>,
  weight: vec2<f32>,
) -> vec4<f32> {
  let upper = mix(upper_left, upper_right, weight.x);
  return mix(upper, mix(lower_left, lower_right, weight.x), weight.y);
}
