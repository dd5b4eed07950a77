// Linear light of stored YCoCg: Co in red, Cg in green, their scale in blue, Y in alpha (van Waveren
// and Castaño, "Real-Time YCoCg-DXT Compression", NVIDIA 2007), of gamma-encoded sRGB
// (IEC 61966-2-1). Alpha is 1.
//
// The curve of sRGB is a polynomial, the one of degree 5 that is nearest to it in the worst case: off by
// 0.014 of a step of 8 bits, encoded again. Powers made a pass that decodes four texels a tap take half as
// long again on lavapipe.

fn vt_ycocg_color(stored: vec4<f32>) -> vec4<f32> {
  let scale = stored.b * (255.0 / 8.0) + 1.0;
  let chroma = (stored.rg - 128.0 / 255.0) / scale;
  let magenta = stored.a - chroma.g;
  let gamma = saturate(vec3<f32>(magenta + chroma.r, stored.a + chroma.g, magenta - chroma.r));
  let upper = 0.6616829 + gamma * (-0.2989993 + gamma * 0.0829909);
  let curve = 0.0009207 + gamma * (0.0326121 + gamma * (0.5207927 + gamma * upper));
  return vec4<f32>(select(curve, gamma / 12.92, gamma <= vec3<f32>(0.04045)), 1.0);
}
