// Tells the system what was sampled: one pixel of each 8x8 cell reports the tile that it wants, a
// different pixel in each frame. Needs vt_feedback_add of feedback.wgsl.
//
// Either the pass that draws reports by itself, or a small pass of its own does: the same geometry
// at an eighth of the size, every pixel of which stands for one pixel of the large picture. The
// small pass costs less where storage writes are dear, and leaves the large one its early depth
// test.

// Whether a pixel of the large picture reports in this frame.
fn vt_reports(pixel: vec2<f32>) -> bool {
  let at = vec2<i32>(pixel) & vec2<i32>(7);
  return at.x + 8 * at.y == i32(vt_slot_frames.feedback_pixel);
}

// Reports that the tile of a level that stands for a texel of level 0 is wanted. A footprint of no
// extent (a constant coordinate, a degenerate quad) says nothing about the level that is needed, so
// it reports nothing.
fn vt_report_tile(texel: vec2<i32>, level: i32, footprint: vt_Footprint) {
  let shape = vt_shape();
  if (vt_longer_squared(footprint, shape) > 0.0) {
    let tile = vt_tile_index(texel, level, shape);
    vt_feedback_add(vt_params.feedback_base + u32(tile));
  }
}

fn vt_report(texel: vec2<i32>, pixel: vec2<f32>, level: i32, footprint: vt_Footprint) {
  if (vt_reports(pixel)) {
    vt_report_tile(texel, level, footprint);
  }
}

// Vertex shader of a small pass: moves a clip position so that the centre of each small pixel shows
// the large picture's pixel whose turn it is. picture_size is the large picture's, in pixels; the
// small pass's viewport is exactly an eighth of it.
fn vt_small_pass_position(clip: vec4<f32>, picture_size: vec2<f32>) -> vec4<f32> {
  let pixel = vt_slot_frames.feedback_pixel;
  let turn = vec2<f32>(vec2<u32>(pixel & 7u, pixel >> 3u));
  let shift = (3.5 - turn) * vec2<f32>(2.0, -2.0) / picture_size;
  return vec4<f32>(clip.xy + shift * clip.w, clip.zw);
}

// Fragment shader of a small pass, in uniform control flow: reports what the large picture's pixel
// wants.
fn vt_report_in_small_pass(uv: vec2<f32>) {
  let shape = vt_shape();
  let footprint = vt_Footprint(dpdx(uv) / 8.0, dpdy(uv) / 8.0);
  let texel = vt_texel_at(vt_from_uv(uv), shape).texel;
  vt_report_tile(texel, vt_wanted_level(footprint, shape), footprint);
}

fn vt_report_in_small_pass_at(texel: vec2<i32>, offset: vec2<f32>) {
  let shape = vt_shape();
  let footprint = vt_footprint_of_texels(dpdx(offset) / 8.0, dpdy(offset) / 8.0, shape);
  let sampled = vt_texel_at(vt_from_texel(texel, offset), shape).texel;
  vt_report_tile(sampled, vt_wanted_level(footprint, shape), footprint);
}
