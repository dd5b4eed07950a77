// Tells the system what was sampled: one pixel of each 8x8 cell writes the tile that it wants, a
// different pixel in each frame. Needs vt_feedback_add of feedback.wgsl.

// Whether a pixel writes in this frame.
fn vt_writes_feedback(pixel: vec2<f32>) -> bool {
  let at = vec2<i32>(pixel) & vec2<i32>(7);
  return at.x + 8 * at.y == i32(vt_params.feedback_pixel);
}

// Reports the tile of a level as wanted. A footprint of no extent (a constant coordinate, a
// degenerate quad) says nothing about the level that is needed, so it reports nothing.
fn vt_report(uv: vec2<f32>, pixel: vec2<f32>, level: i32, longer_squared: f32) {
  if (vt_writes_feedback(pixel) && longer_squared > 0.0) {
    let entry = vt_entry_index(vt_tile_at(uv, level), level);
    vt_feedback_add(vt_params.feedback_base + u32(entry));
  }
}
