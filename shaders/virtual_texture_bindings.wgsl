// What one virtual texture binds. src/gpu/shader.ts rewrites the group and binding numbers and, for
// shaders with several virtual textures, the names; src/gpu/virtual_texture_params.ts fills the
// struct.

struct vt_Params {
  // Size of level 0 in texels.
  size: vec2<f32>,
  // That size times 2^bias: derivatives of uv times this give the biased level of detail.
  biased_size: vec2<f32>,
  // Inverse of an atlas layer's size in texels.
  inverse_atlas_size: vec2<f32>,
  // Slots in a row and in a column of an atlas layer.
  atlas_grid: vec2<u32>,
  // Edge of a tile's payload in texels, and its inverse.
  tile_size: f32,
  inverse_tile_size: f32,
  // Edge of a slot in texels: the payload and a border on both sides.
  slot_size: f32,
  // Texels around the payload that belong to the neighbours.
  border: f32,
  // Coarsest level.
  last_level: i32,
  // The page table is 2^table_shift wide; table_mask is its width less one.
  table_shift: u32,
  table_mask: i32,
  // Most taps along the longer axis of a pixel's footprint; 1 is isotropic.
  max_anisotropy: f32,
  // Number of the frame that is drawn; vt_slot_frames counts in the same frames.
  frame: u32,
  // One over the frames that a new tile takes to fade in; at least 1 when it does not fade.
  fade_per_frame: f32,
  // Key of this texture's first page-table entry in the feedback.
  feedback_base: u32,
  // Which pixel of each 8x8 cell writes feedback in this frame: x + 8 * y.
  feedback_pixel: u32,
  // Number of each level's first page-table entry, in x.
  first_entries: array<vec4<i32>, 21>,
}

@group(0) @binding(0) var<uniform> vt_params: vt_Params;
// One r32uint texel per tile of every level; see page_entry.wgsl.
@group(0) @binding(1) var vt_page_table: texture_2d<u32>;
// Slots in rows and columns of layers, each a tile with its border.
@group(0) @binding(2) var vt_atlas: texture_2d_array<f32>;
// Linear; addresses outside a slot never reach it.
@group(0) @binding(3) var vt_sampler: sampler;
// Frame in which each slot got its content.
@group(0) @binding(4) var<storage, read> vt_slot_frames: array<u32>;
