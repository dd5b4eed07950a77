// Sampling for content that is kept, such as a tile that is drawn: the level depends neither on the pool's
// bias nor on how the last bits of derivatives are rounded, so that a level of detail that is an integer
// taps one level alone.

// A level of detail, or the integer that is so close that rounding decides.
fn vt_steady_level(level: f32) -> f32 {
  let nearest = round(level);
  return select(level, nearest, abs(level - nearest) < 0.02);
}

// Level of detail of a footprint without any bias.
fn vt_unbiased_level(footprint: vt_Footprint) -> f32 {
  let size = vec2<f32>(vt_shape().size);
  let dx = footprint.dx * size;
  let dy = footprint.dy * size;
  // The least is of a level far below 0, which counts as 0.
  return 0.5 * log2(max(max(dot(dx, dx), dot(dy, dy)), 1e-20));
}

// Two taps, at a level of detail that is made steady.
fn vt_steady_taps(uv: vec2<f32>, level: f32) -> vt_Texels {
  return vt_trilinear(uv, vt_steady_level(level));
}
