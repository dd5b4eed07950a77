// What one virtual texture binds. src/gpu/sampling/virtual_texture_wgsl.ts rewrites the group and
// binding numbers and, for shaders with several virtual textures, the names;
// src/gpu/sampling/virtual_texture_params.ts fills the uniform, and slot_frames.ts beside it the head
// of the slots' frames.

struct vt_Params {
  // The texture's dimensions; see vt_shape.
  packed_shape: vec2<u32>,
  // 2^bias, the factor on derivatives that gives the biased level of detail.
  bias_factor: f32,
  // Most taps along the longer axis of a pixel's footprint; 1 is isotropic.
  max_anisotropy: f32,
  // One over the frames that a new tile takes to fade in; at least 1 when it does not fade.
  fade_per_frame: f32,
  // Key of this texture's first tile in the feedback.
  feedback_base: u32,
  // See virtual_texture_appearance.wgsl.
  appearance: u32,
  // Index of each level's first tile, in x.
  first_tiles: array<vec4<i32>, 21>,
}

// What the textures of a pool have in common and changes with each frame, so that a frame writes it
// once for all of them.
struct vt_SlotFrames {
  // Number of the frame that is drawn; births count in the same frames.
  frame: u32,
  // Which pixel of each 8x8 cell writes feedback in this frame: x + 8 * y.
  feedback_pixel: u32,
  // Frame in which each slot got its content.
  births: array<u32>,
}

@group(0) @binding(0) var<uniform> vt_params: vt_Params;
// One r32uint texel per tile of every level; see page_entry.wgsl.
@group(0) @binding(1) var vt_page_table: texture_2d<u32>;
// Slots in rows and columns of layers, each a tile with its border; of plane 0.
@group(0) @binding(2) var vt_atlas: texture_2d_array<f32>;
// Linear; addresses outside a slot never reach it.
@group(0) @binding(3) var vt_sampler: sampler;
@group(0) @binding(4) var<storage, read> vt_slot_frames: vt_SlotFrames;

// The texture's dimensions.
struct vt_Shape {
  // Size of level 0 in texels.
  size: vec2<i32>,
  // Coarsest level.
  last_level: i32,
  // Logarithm of the edge of a tile's payload in texels.
  tile_shift: u32,
  // Texels around the payload that belong to the neighbours.
  border: i32,
  // The page table is 2^table_shift wide.
  table_shift: u32,
  // Of each plane: 1 where the format has no alpha, else 0.
  without_alpha: vec3<f32>,
  // Of each axis: whether the texture repeats; else it is clamped to its edges.
  repeats: vec2<bool>,
  // Of each axis: whether what is stored runs against the picture.
  is_flipped: vec2<bool>,
}

// Reads the dimensions from two words. The first: bits 0-19 width less one, 20-23 tile_shift, 24-26
// planes 0 to 2 without alpha, 27 whether u repeats, 28-31 table_shift; the second: bits 0-19 height
// less one, 20-24 last_level, 25-28 border, 29 and 30 whether u and v are flipped, 31 whether v repeats.
//
// Packed, since drivers that shade on the CPU fetch each word of a uniform for every pixel anew,
// which costs them more than unpacking; GPUs do both once for all pixels. Samplers read it once.
fn vt_shape() -> vt_Shape {
  let packed = vt_params.packed_shape;
  return vt_Shape(
    vec2<i32>(packed & vec2<u32>(0xfffffu)) + 1,
    i32((packed.y >> 20u) & 31u),
    (packed.x >> 20u) & 15u,
    i32((packed.y >> 25u) & 15u),
    packed.x >> 28u,
    vec3<f32>((packed.xxx >> vec3<u32>(24u, 25u, 26u)) & vec3<u32>(1u)),
    (packed & vec2<u32>(1u << 27u, 1u << 31u)) != vec2<u32>(0u),
    (packed.yy & vec2<u32>(1u << 29u, 1u << 30u)) != vec2<u32>(0u),
  );
}
