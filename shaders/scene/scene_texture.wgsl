// Draws a placed virtual texture. Corners are projected in float64 on the CPU; no depth is kept:
// z = w / 2 passes any depth range, so only w > 0 clips.

// Whether the content is one channel, shown as grey.
override shows_grey: bool = false;

struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) uv: vec2<f32>,
}

// clip holds clip x, y and w.
@vertex
fn project(@location(0) clip: vec3<f32>, @location(1) uv: vec2<f32>) -> Corner {
  return Corner(vec4<f32>(clip.xy, 0.5 * clip.z, clip.z), uv);
}

@fragment
fn sampled(corner: Corner) -> @location(0) vec4<f32> {
  let color = vt_sample(corner.uv, corner.position.xy);
  return select(color, color.rrra, shows_grey);
}

@fragment
fn by_level(corner: Corner) -> @location(0) vec4<f32> {
  return vt_debug_level(corner.uv, corner.position.xy);
}
