// BC7 blocks of low quality: the diagonal of the bounding box in mode 6, no search.

fn encode_block() -> vec4u {
  if (is_solid()) {
    return write_solid(packed_texels[0]);
  }
  let mode_6 = Choice(6u, 0u, 0u, 0u);
  let part = part_of(mode_6, 0u);
  let line = diagonal_line(part.mask, part.channels, 1.0 / 32.0);
  // P-bits go with alpha, where a miss by one would make opaque texels transparent.
  var ends = array<Ends, 2>();
  ends[0].start = quantize_with_p(line.start, part.bits, round(line.start.a) % 2.0);
  ends[0].end = quantize_with_p(line.end, part.bits, round(line.end.a) % 2.0);
  return write_block(mode_6, &ends);
}
