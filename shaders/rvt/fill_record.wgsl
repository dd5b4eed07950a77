// What tiles are filled with: a record for each mesh instance or part of a landscape in each tile.

struct FillRecord {
  // Object to the tile's clip space; z is w of the volume, 0 at its top and 1 at its bottom.
  to_clip: mat4x4f,
  to_world: mat4x4f,
  // Inverse transpose of to_world's upper left part.
  normal_to_world: mat3x3f,
  // Of a landscape: the part to draw, x0, y0, x1, y1 in samples.
  section: vec4f,
  // Of a landscape: last column and last row of samples, quads along an edge of the part.
  surface: vec4u,
  // Of a landscape: where each of the material's layers is in the weights, a byte each; 255: nowhere.
  layers: vec4u,
}

struct FillTile {
  // World size of a texel along the volume's own x and y.
  output_derivative: vec2f,
  output_level: f32,
  max_level: f32,
  // Least world z of the volume and its reach, by which heights are tested for depth.
  height_range: vec2f,
}

@group(0) @binding(0) var<storage, read> fill_records: array<FillRecord>;
@group(0) @binding(1) var<uniform> fill_tile: FillTile;

// What the rasteriser hands on.
struct FillVertex {
  // Depth is tested in the fragment shader: a landscape's is not that of its corners.
  @builtin(position) position: vec4f,
  // In the object's space.
  @location(0) at: vec3f,
  @location(1) uv: vec2f,
  // In the object's space.
  @location(2) normal: vec3f,
  @location(3) @interpolate(flat) record: u32,
}

// A point of what is drawn.
struct FillSurface {
  world_position: vec3f,
  uv: vec2f,
  // Unit vector in the world.
  vertex_normal: vec3f,
  // w of the volume.
  depth: f32,
}

fn fill_surface_at(record: u32, at: vec3f, normal: vec3f, uv: vec2f) -> FillSurface {
  let to_clip = fill_records[record].to_clip;
  let depth = dot(vec4f(to_clip[0].z, to_clip[1].z, to_clip[2].z, to_clip[3].z), vec4f(at, 1.0));
  let world = fill_records[record].to_world * vec4f(at, 1.0);
  let turned = fill_records[record].normal_to_world * normal;
  return FillSurface(world.xyz, uv, normalize(turned), depth);
}
