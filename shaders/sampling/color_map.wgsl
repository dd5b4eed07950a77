// Colours for numbers. vt_color_map_at, of src/gpu/sampling/color_map_wgsl.ts, has the colours.

// The sRGB-encoded colour of a value, opaque: range has the values of the first colour and of the last
// one, which stand for all beyond them. The first may be the larger one.
fn vt_color_map(value: f32, range: vec2<f32>) -> vec4<f32> {
  let span = range.y - range.x;
  let at = saturate((value - range.x) / select(span, 1.0, span == 0.0));
  return vec4<f32>(vt_color_map_at(select(at, f32(value > range.x), span == 0.0)), 1.0);
}
