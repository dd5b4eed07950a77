// Reports the tiles that a picture of placed virtual textures wants, in a pass of an eighth of its
// size; see virtual_texture_feedback.wgsl. Needs scene_view.wgsl.

struct Corner {
  @builtin(position) position: vec4<f32>,
  // From the anchor, in texels of level 0.
  @location(0) offset: vec2<f32>,
}

// clip holds clip x, y and w; as in scene_texture.wgsl.
@vertex
fn project(@location(0) clip: vec3<f32>, @location(1) offset: vec2<f32>) -> Corner {
  let position = vec4<f32>(clip.xy, 0.5 * clip.z, clip.z);
  return Corner(vt_small_pass_position(position, scene_view.picture_size), offset);
}

@fragment
fn report(corner: Corner) -> @location(0) vec4<f32> {
  vt_report_in_small_pass_at(scene_view.anchor, corner.offset);
  return vec4<f32>(0.0);
}
