// Linear light of stored YCoCg: Co in red, Cg in green, their scale in blue, Y in alpha (van Waveren
// and Castaño, "Real-Time YCoCg-DXT Compression", NVIDIA 2007), of gamma-encoded sRGB
// (IEC 61966-2-1). Alpha is 1.

fn vt_ycocg_color(stored: vec4<f32>) -> vec4<f32> {
  let scale = stored.b * (255.0 / 8.0) + 1.0;
  let chroma = (stored.rg - 128.0 / 255.0) / scale;
  let magenta = stored.a - chroma.g;
  let gamma = saturate(vec3<f32>(magenta + chroma.r, stored.a + chroma.g, magenta - chroma.r));
  let curve = pow((gamma + 0.055) / 1.055, vec3<f32>(2.4));
  return vec4<f32>(select(curve, gamma / 12.92, gamma <= vec3<f32>(0.04045)), 1.0);
}
