// Reports the tiles that a picture of placed virtual textures wants, in a pass of an eighth of its
// size; see virtual_texture_feedback.wgsl.

// Size of the picture in pixels.
@group(1) @binding(0) var<uniform> picture_size: vec2<f32>;

struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) uv: vec2<f32>,
}

// clip holds clip x, y and w; as in scene_texture.wgsl.
@vertex
fn project(@location(0) clip: vec3<f32>, @location(1) uv: vec2<f32>) -> Corner {
  let position = vec4<f32>(clip.xy, 0.5 * clip.z, clip.z);
  return Corner(vt_small_pass_position(position, picture_size), uv);
}

@fragment
fn report(corner: Corner) -> @location(0) vec4<f32> {
  vt_report_in_small_pass(corner.uv);
  return vec4<f32>(0.0);
}
