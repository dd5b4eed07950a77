// What is drawn: a record for each mesh instance or part of a landscape in each tile or view. A shader that
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
  // Of a landscape: quads along an edge of the part.
  quads: u32,
  // Of a landscape whose heights are streamed: samples that a pixel covers where w of clip space is 1, and
  // whether the corners of quads have their heights.
  samples_per_pixel: f32,
  shapes_quads: u32,
  // Of a landscape: where each of the material's layers is in the weights, a byte each; 255: nowhere.
  layers: vec4u,
  // Position of the object's own origin, from that of the picture.
  relative: vec3f,
}

@group(0) @binding(0) var<storage, read> draw_records: array<DrawRecord>;

// What the rasteriser hands on. Fragment shaders read no records: of pixels outside a triangle, which
// derivatives are taken of, some drivers read zeros from buffers, and a read for each pixel takes long.
struct DrawVertex {
  @builtin(position) position: vec4f,
  // In the object's space.
  @location(0) at: vec3f,
  @location(1) uv: vec2f,
  // In the world; of a mesh of unit length at its vertices.
  @location(2) normal: vec3f,
  // World position, and z of clip space.
  @location(3) world: vec4f,
  // What a unit of the object's own z adds to that.
  @location(4) @interpolate(flat) up: vec4f,
  // Of a landscape: its record's normal_to_world, column by column, and layers.
  @location(5) @interpolate(flat) normal_of_x: vec3f,
  @location(6) @interpolate(flat) normal_of_y: vec3f,
  @location(7) @interpolate(flat) normal_of_z: vec3f,
  @location(8) @interpolate(flat) layers: vec4u,
  // Of a landscape whose heights are streamed.
  @location(9) samples_per_pixel: f32,
  // Position in the world, from the picture's origin: exact where the world position is coarse.
  @location(10) relative: vec3f,
}

// A point of what is drawn.
struct DrawSurface {
  world_position: vec3f,
  // The same, from the picture's origin.
  relative: vec3f,
  uv: vec2f,
  // Unit vector in the world.
  vertex_normal: vec3f,
  // z of clip space: a landscape's is not that of its corners.
  depth: f32,
}

// The normal of the side that is seen: two-sided materials show the other one too.
fn draw_seen_normal(surface: DrawSurface, is_front: bool) -> vec3f {
  return select(-surface.vertex_normal, surface.vertex_normal, is_front);
}

fn draw_world_normal(record: u32, normal: vec3f) -> vec3f {
  return normalize(draw_records[record].normal_to_world * normal);
}

fn draw_vertex_at(record: u32, at: vec3f, uv: vec2f, normal: vec3f) -> DrawVertex {
  let to_world = draw_records[record].to_world;
  let clip = draw_records[record].to_clip * vec4f(at, 1.0);
  let world = vec4f((to_world * vec4f(at, 1.0)).xyz, clip.z);
  let axes = mat3x3f(to_world[0].xyz, to_world[1].xyz, to_world[2].xyz);
  let relative = axes * at + draw_records[record].relative;
  let up = vec4f(to_world[2].xyz, draw_records[record].to_clip[2].z);
  let to_normal = draw_records[record].normal_to_world;
  let layers = draw_records[record].layers;
  return DrawVertex(
    draw_position(clip), at, uv, normal, world, up, to_normal[0], to_normal[1], to_normal[2], layers,
    0.0, relative,
  );
}
