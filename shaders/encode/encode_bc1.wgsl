// BC1 blocks, with 1-bit alpha: texels whose alpha is below one half become transparent black.

fn encode_block() -> vec4u {
  var opaque = 0u;
  for (var i = 0u; i < 16u; i++) {
    opaque |= select(0u, 1u << i, packed_texels[i] >= 0x80000000u);
  }
  if (opaque != 0xffffu) {
    return vec4u(write_565(fit_565(2.0, opaque), 2.0, opaque), 0u, 0u);
  }
  let four = fit_565(3.0, opaque);
  if (quality == 2u) {
    // Halves between the endpoints instead of thirds, where that comes nearer.
    let three = fit_565(2.0, opaque);
    if (three.fit.error < four.fit.error) {
      return vec4u(write_565(three, 2.0, opaque), 0u, 0u);
    }
  }
  return vec4u(write_565(four, 3.0, opaque), 0u, 0u);
}
