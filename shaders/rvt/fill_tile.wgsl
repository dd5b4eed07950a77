// What is the same all over a tile that is filled. Clip space's z is w of the volume: 0 at its top and 1 at
// its bottom.

struct FillTile {
  // World size of a texel along the volume's own x and y.
  output_derivative: vec2f,
  output_level: f32,
  max_level: f32,
  // Least world z of the volume and its reach, by which heights are tested for depth.
  height_range: vec2f,
}

@group(0) @binding(1) var<uniform> fill_tile: FillTile;

// Tiles outlive the bias of a virtual texture.
const DRAW_BIASES_LEVELS: bool = false;

// Depth is tested in the fragment shader, since a landscape's is not that of its corners.
fn draw_position(clip: vec4f) -> vec4f {
  return vec4f(clip.xy, 0.5, 1.0);
}
