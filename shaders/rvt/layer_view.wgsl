// A runtime virtual texture whose layers are evaluated for a picture, and where pixels of the picture sample it.

struct LayerView {
  // u, v and w of the volume to clip space of the picture.
  to_clip: mat4x4f,
  // What the scene and the volume reach, in u, v and w.
  least: vec3f,
  // Number of the texture.
  number: f32,
  most: vec3f,
  // 1 where pixels may sample other places than their own.
  anywhere: f32,
  // Pixels of the target: twice those of the picture.
  pixels: vec2f,
  // Of level 0.
  texels: vec2f,
  // World size of a texel of level 0 along the volume's own x and y.
  texel_size: vec2f,
  level_count: f32,
  // 1 where a material shows both sides.
  two_sided: f32,
  // Least world z of the volume and its reach, by which heights are tested for depth.
  height_range: vec2f,
  // Into how many blocks the picture is cut for a draw, across and down: all of them, or 0 for none.
  blocks: vec2f,
  // Most taps of a sample along the longer axis of its footprint.
  most_anisotropy: f32,
}

@group(0) @binding(1) var<uniform> layer_view: LayerView;
// See layer_place in shaders/rvt/layer_sites.wgsl.
@group(0) @binding(2) var layer_places: texture_2d<f32>;

// Pixels of the picture along the edge of a block; as in src/rvt/layers/layer_blocks.ts.
const LAYER_BLOCK_PIXELS: u32 = 32u;

// Where a pixel samples the texture: outside of it, its edge.
fn layer_sampled_place(place: vec4f) -> vec2f {
  let half_texel = 0.5 / layer_view.texels;
  return clamp(place.xy, half_texel, 1.0 - half_texel);
}
