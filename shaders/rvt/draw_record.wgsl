// What is drawn: a record for each mesh instance or part of a landscape in each tile or view. Whoever
// includes this declares `fn draw_position(clip: vec4f) -> vec4f`, which says where a point of clip space
// is rasterised.

struct DrawRecord {
  // Object to clip space.
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

@group(0) @binding(0) var<storage, read> draw_records: array<DrawRecord>;

// What the rasteriser hands on.
struct DrawVertex {
  @builtin(position) position: vec4f,
  // In the object's space.
  @location(0) at: vec3f,
  @location(1) uv: vec2f,
  // In the world; of a mesh of unit length at its vertices.
  @location(2) normal: vec3f,
  @location(3) @interpolate(flat) record: u32,
}

// A point of what is drawn.
struct DrawSurface {
  world_position: vec3f,
  uv: vec2f,
  // Unit vector in the world.
  vertex_normal: vec3f,
  // z of clip space: a landscape's is not that of its corners.
  depth: f32,
}

fn draw_world_normal(record: u32, normal: vec3f) -> vec3f {
  return normalize(draw_records[record].normal_to_world * normal);
}

fn draw_surface_at(record: u32, at: vec3f, world_normal: vec3f, uv: vec2f) -> DrawSurface {
  let to_clip = draw_records[record].to_clip;
  let depth = dot(vec4f(to_clip[0].z, to_clip[1].z, to_clip[2].z, to_clip[3].z), vec4f(at, 1.0));
  let world = draw_records[record].to_world * vec4f(at, 1.0);
  return DrawSurface(world.xyz, uv, normalize(world_normal), depth);
}
