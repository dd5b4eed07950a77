// Stands in for sample_fading.wgsl in passes that show new tiles at once.

// What the filters of fragment shaders are made of.
fn vt_trilinear_tap(uv: vec2<f32>, lod: f32) -> vec4<f32> {
  return vt_trilinear(uv, lod);
}
