// How texels are meant that are sampled: where channels come from, and whether colours are multiplied by alpha.

// Selectors of red, green, blue and alpha, of 3 bits each, that change nothing: 0 to 3.
const vt_usual_swizzle: u32 = 0x688u;

// A stored texel as it is meant.
fn vt_swizzled(stored: vec4<f32>) -> vec4<f32> {
  var meant = stored;
  let selectors = vt_params.appearance & 0xfffu;
  if (selectors != vt_usual_swizzle) {
    let sources = (vec4<u32>(selectors) >> vec4<u32>(0u, 3u, 6u, 9u)) & vec4<u32>(7u);
    meant = select(vec4<f32>(0.0), vec4<f32>(1.0), sources == vec4<u32>(5u));
    meant = select(meant, stored.rrrr, sources == vec4<u32>(0u));
    meant = select(meant, stored.gggg, sources == vec4<u32>(1u));
    meant = select(meant, stored.bbbb, sources == vec4<u32>(2u));
    meant = select(meant, stored.aaaa, sources == vec4<u32>(3u));
  }
  return meant;
}

// Whether colours are multiplied by alpha as they are sampled.
fn vt_is_premultiplied() -> bool {
  return (vt_params.appearance & 0x1000u) != 0u;
}
