// Corners of meshes whose layers are evaluated for pixels of a picture.

// Position, normal and texture coordinate of each vertex.
@group(1) @binding(0) var<storage, read> layer_vertices: array<f32>;
@group(1) @binding(1) var<storage, read> layer_indices: array<u32>;

const LAYER_VERTEX_FLOATS: u32 = 8u;

fn layer_vertex_part(first: u32) -> vec3f {
  return vec3f(layer_vertices[first], layer_vertices[first + 1u], layer_vertices[first + 2u]);
}

// A corner of a triangle, three numbers for each.
fn draw_corner(index: u32, record: u32) -> DrawVertex {
  let first = LAYER_VERTEX_FLOATS * layer_indices[index];
  let uv = vec2f(layer_vertices[first + 6u], layer_vertices[first + 7u]);
  let normal = draw_world_normal(record, layer_vertex_part(first + 3u));
  return draw_vertex_at(record, layer_vertex_part(first), uv, normal);
}
