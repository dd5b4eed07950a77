// Level of detail, as the hardware's own: 0.5 * log2 of the longer squared derivative in texels
// (Vulkan specification, "Scale Factor, Level-of-Detail Operation and Image Level(s) Selection"),
// plus the bias that biased_size holds.

// What a pixel covers: its uv step to the right and downwards.
struct vt_Footprint {
  dx: vec2<f32>,
  dy: vec2<f32>,
}

// The footprint of steps in texels of level 0.
fn vt_footprint_of_texels(dx: vec2<f32>, dy: vec2<f32>, shape: vt_Shape) -> vt_Footprint {
  let size = vec2<f32>(shape.size);
  return vt_Footprint(dx / size, dy / size);
}

// Longer squared derivative in biased texels of level 0.
fn vt_longer_squared(footprint: vt_Footprint, shape: vt_Shape) -> f32 {
  let biased_size = vec2<f32>(shape.size) * vt_params.bias_factor;
  let dx = footprint.dx * biased_size;
  let dy = footprint.dy * biased_size;
  return max(dot(dx, dx), dot(dy, dy));
}

// Level of detail, split into a level from 0 to last_level and the way from there to the next.
struct vt_Lod {
  finer: i32,
  fraction: f32,
}

// 2 * log2 of a length, floored, from the length's square: the exponent's bits of IEEE 754.
fn vt_exponent(squared: f32) -> i32 {
  return (bitcast<i32>(squared) >> 23u) - 127;
}

// Level of detail for a longer squared derivative. The level does not wait for the logarithm.
fn vt_lod(longer_squared: f32, shape: vt_Shape) -> vt_Lod {
  let finer = clamp(vt_exponent(longer_squared) >> 1u, 0, shape.last_level);
  let lod = min(0.5 * log2(longer_squared), f32(shape.last_level));
  return vt_Lod(finer, saturate(lod - f32(finer)));
}

// That level rounded to the nearest: round(0.5 * log2(s)) = floor((floor(log2(s)) + 1) / 2).
fn vt_rounded_lod(longer_squared: f32, shape: vt_Shape) -> i32 {
  return clamp((vt_exponent(longer_squared) + 1) >> 1u, 0, shape.last_level);
}

fn vt_level_of_detail_of(footprint: vt_Footprint, shape: vt_Shape) -> f32 {
  let lod = vt_lod(vt_longer_squared(footprint, shape), shape);
  return f32(lod.finer) + lod.fraction;
}

// Level of detail of the pixel that is shaded. Fragment shaders only, in uniform control flow.
fn vt_level_of_detail(uv: vec2<f32>) -> f32 {
  return vt_level_of_detail_of(vt_Footprint(dpdx(uv), dpdy(uv)), vt_shape());
}

fn vt_level_of_detail_at(offset: vec2<f32>) -> f32 {
  let shape = vt_shape();
  let footprint = vt_footprint_of_texels(dpdx(offset), dpdy(offset), shape);
  return vt_level_of_detail_of(footprint, shape);
}
