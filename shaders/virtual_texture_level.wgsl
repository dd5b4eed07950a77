// Level of detail, as the hardware's own: 0.5 * log2 of the longer squared derivative in texels
// (Vulkan specification, "Scale Factor, Level-of-Detail Operation and Image Level(s) Selection"),
// plus the bias that biased_size holds.

// What a pixel covers: its uv step to the right and downwards.
struct vt_Footprint {
  dx: vec2<f32>,
  dy: vec2<f32>,
}

// Longer squared derivative in biased texels of level 0.
fn vt_longer_squared(footprint: vt_Footprint) -> f32 {
  let dx = footprint.dx * vt_params.biased_size;
  let dy = footprint.dy * vt_params.biased_size;
  return max(dot(dx, dx), dot(dy, dy));
}

// Level of detail for a longer squared derivative, from 0 to last_level.
fn vt_lod(longer_squared: f32) -> f32 {
  return clamp(0.5 * log2(longer_squared), 0.0, f32(vt_params.last_level));
}

// That level rounded to the nearest: round(0.5 * log2(s)) = floor(log2(2 * s) / 2), and the floored
// logarithm is the exponent, so that no logarithm is computed.
fn vt_rounded_lod(longer_squared: f32) -> i32 {
  let exponent = (bitcast<i32>(2.0 * longer_squared) >> 23u) - 127;
  return clamp(exponent >> 1u, 0, vt_params.last_level);
}

// Level of detail of the pixel that is shaded. Fragment shaders only, in uniform control flow.
fn vt_level_of_detail(uv: vec2<f32>) -> f32 {
  return vt_lod(vt_longer_squared(vt_Footprint(dpdx(uv), dpdy(uv))));
}
