// BC7 modes with one or two palettes, and what they store.
// Fields and their order: Khronos Data Format Specification 1.3, section 20.1.
//
// Modes 1, 3 and 7 have a palette for each of two subsets; modes 4 and 5 one for three channels and
// one for the fourth; mode 6 a single one. Modes 0 and 2, of three subsets, are not made.
//
// A pattern is a partition of the block in two subsets. (WGSL reserves the word.)

fn pattern_mask(pattern: u32) -> u32 {
  return encode_table.patterns[pattern] & 0xffffu;
}

fn pattern_anchor(pattern: u32) -> u32 {
  return encode_table.patterns[pattern] >> 16u;
}

// Opaque texels of opaque blocks stay exactly 255.
var<private> block_is_opaque: bool;

// Which encoding of a block.
struct Choice {
  mode: u32,
  pattern: u32,
  // Modes 4 and 5: 0 gives alpha a palette of its own; 1, 2 and 3 give one to red, green or blue.
  rotation: u32,
  // Mode 4: 1 gives the three channels the longer palette.
  selection: u32,
}

fn is_dual(mode: u32) -> bool {
  return mode == 4u || mode == 5u;
}

fn part_count(mode: u32) -> u32 {
  return select(2u, 1u, mode == 6u);
}

// The channel that has its own palette in modes 4 and 5.
fn lone_channel(rotation: u32) -> vec4f {
  return vec4f(vec4u(rotation) == vec4u(1u, 2u, 3u, 0u));
}

fn part_of(choice: Choice, index: u32) -> Part {
  let lone = lone_channel(choice.rotation);
  let subset = pattern_mask(choice.pattern);
  let mask = select(subset ^ 0xffffu, subset, index == 1u);
  let rgb = vec4f(1.0, 1.0, 1.0, 0.0);
  switch (choice.mode) {
    case 1u: {
      return Part(mask, rgb, 7u, P_SHARED, 7.0);
    }
    case 3u: {
      return Part(mask, rgb, 8u, P_EACH, 3.0);
    }
    case 4u: {
      let steps = select(3.0, 7.0, (index == 1u) != (choice.selection == 1u));
      let channels = select(vec4f(1.0) - lone, lone, index == 1u);
      return Part(0xffffu, channels, select(5u, 6u, index == 1u), P_NONE, steps);
    }
    case 5u: {
      let channels = select(vec4f(1.0) - lone, lone, index == 1u);
      return Part(0xffffu, channels, select(7u, 8u, index == 1u), P_NONE, 3.0);
    }
    case 7u: {
      return Part(mask, vec4f(1.0), 6u, P_EACH, 3.0);
    }
    default: {
      return Part(0xffffu, vec4f(1.0), 8u, select(P_EACH, P_ONES, block_is_opaque), 15.0);
    }
  }
}

fn has_subsets(mode: u32) -> bool {
  return mode == 1u || mode == 3u || mode == 7u;
}
