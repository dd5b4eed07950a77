// Writing BC7 blocks of the modes in encode_bc7_modes.wgsl.
// Fields and their order: Khronos Data Format Specification 1.3, section 20.1.

var<private> written: vec4u;
var<private> written_bits: u32;

// Appends the lowest `count` bits of a value, which has no higher ones.
fn put(value: u32, count: u32) {
  let word = written_bits >> 5u;
  let shift = written_bits & 31u;
  written[word] |= value << shift;
  if (shift + count > 32u) {
    written[word + 1u] |= value >> (32u - shift);
  }
  written_bits += count;
}

// Appends the indices of all texels: of the parts that they belong to, or in modes 4 and 5 of one.
fn put_indices(ends: ptr<function, array<Ends, 2>>, choice: Choice, only_part: u32) {
  let subset = select(0u, pattern_mask(choice.pattern), has_subsets(choice.mode));
  for (var i = 0u; i < 16u; i++) {
    let index = select((subset >> i) & 1u, only_part, is_dual(choice.mode));
    let part = part_of(choice, index);
    let position = position_in(ends, part, index, i);
    let is_anchor = i == 0u || (subset != 0u && i == pattern_anchor(choice.pattern));
    let bits = countOneBits(u32(part.steps));
    put(position, select(bits, bits - 1u, is_anchor));
  }
}

fn position_in(ends: ptr<function, array<Ends, 2>>, part: Part, index: u32, i: u32) -> u32 {
  let start = widen((*ends)[index].start, part.bits);
  let end = widen((*ends)[index].end, part.bits);
  let axis = axis_in_steps(start, end, part.steps);
  return u32(position_on(texel(i) * part.channels, start, axis, part.steps));
}

// The index of a part's anchor is stored without its highest bit: turns the palette where it is 1.
fn turn_for_anchor(ends: ptr<function, array<Ends, 2>>, choice: Choice, index: u32) {
  let part = part_of(choice, index);
  let has_other_anchor = has_subsets(choice.mode) && index == 1u;
  let anchor = select(0u, pattern_anchor(choice.pattern), has_other_anchor);
  if (f32(position_in(ends, part, index, anchor)) * 2.0 > part.steps) {
    let start = (*ends)[index].start;
    (*ends)[index].start = (*ends)[index].end;
    (*ends)[index].end = start;
  }
}

// Swaps alpha with the lone channel.
fn rotate(value: vec4u, rotation: u32) -> vec4u {
  switch (rotation) {
    case 1u: {
      return value.agbr;
    }
    case 2u: {
      return value.rabg;
    }
    case 3u: {
      return value.rgab;
    }
    default: {
      return value;
    }
  }
}

fn write_block(choice: Choice, ends: ptr<function, array<Ends, 2>>) -> vec4u {
  let mode = choice.mode;
  let dual = is_dual(mode);
  let parts = part_count(mode);
  written = vec4u(0u);
  written_bits = 0u;
  put(1u << mode, mode + 1u);
  if (dual) {
    put(choice.rotation, 2u);
    if (mode == 4u) {
      put(choice.selection, 1u);
    }
  } else if (has_subsets(mode)) {
    put(choice.pattern, 6u);
  }
  for (var index = 0u; index < parts; index++) {
    turn_for_anchor(ends, choice, index);
  }
  var stored = array<vec4u, 4>(
    vec4u((*ends)[0].start), vec4u((*ends)[0].end), vec4u((*ends)[1].start), vec4u((*ends)[1].end));
  var pairs = parts;
  if (dual) {
    stored[0] = rotate(stored[0] + stored[2], choice.rotation);
    stored[1] = rotate(stored[1] + stored[3], choice.rotation);
    pairs = 1u;
  }
  let first = part_of(choice, 0u);
  let has_alpha = mode >= 4u;
  let p_shift = select(1u, 0u, first.p_kind == P_NONE);
  for (var channel = 0u; channel < select(3u, 4u, has_alpha); channel++) {
    let bits = select(first.bits, part_of(choice, 1u).bits, dual && channel == 3u) - p_shift;
    for (var e = 0u; e < 2u * pairs; e++) {
      put(stored[e][channel] >> p_shift, bits);
    }
  }
  if (first.p_kind != P_NONE) {
    for (var e = 0u; e < 2u * pairs; e += select(1u, 2u, first.p_kind == P_SHARED)) {
      put(stored[e].r & 1u, 1u);
    }
  }
  if (dual) {
    // Two indices a texel: the shorter come first; of equal length, those of colour.
    put_indices(ends, choice, choice.selection);
    put_indices(ends, choice, 1u - choice.selection);
  } else {
    put_indices(ends, choice, 0u);
  }
  return written;
}

fn is_opaque() -> bool {
  var alphas = 255u;
  for (var i = 0u; i < 16u; i++) {
    alphas &= packed_texels[i] >> 24u;
  }
  return alphas == 255u;
}

// Whether the block is of one colour.
fn is_solid() -> bool {
  var differs = 0u;
  for (var i = 1u; i < 16u; i++) {
    differs |= packed_texels[i] ^ packed_texels[0];
  }
  return differs == 0u;
}

// A block of one colour, exactly: mode 5 with all indices 1, whose weight is 21/64.
fn write_solid(color: u32) -> vec4u {
  let value = (vec4u(color) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
  // 7-bit endpoints that are the value or straddle it, so that 43/64 and 21/64 of them round to it.
  let start = value.rgb >> vec3u(1u);
  let odd = value.rgb & vec3u(1u);
  let end = select(start + odd - vec3u(1u), start + odd, value.rgb < vec3u(128u));
  written = vec4u(0u);
  written_bits = 0u;
  put(32u, 8u);
  for (var channel = 0u; channel < 3u; channel++) {
    put(start[channel], 7u);
    put(end[channel], 7u);
  }
  put(value.a, 8u);
  put(value.a, 8u);
  // The first index of colour has one bit, the others two; those of alpha may be anything.
  put(0x2aaaaaabu, 31u);
  return written;
}
