// Landscapes that are drawn: a grid of quads, whose heights and normals are evaluated for
// each pixel. A shader that includes this includes landscape_heights.wgsl or streamed_heights.wgsl, which
// say what the heights are.

// Painted layers, four to a layer of the texture.
@group(1) @binding(1) var draw_weights: texture_2d_array<f32>;

// Two triangles for each quad, in the order of the vertices.
const DRAW_CORNERS = array<vec2u, 6>(
  vec2u(0u, 0u), vec2u(1u, 0u), vec2u(0u, 1u), vec2u(0u, 1u), vec2u(1u, 0u), vec2u(1u, 1u),
);

// The samples around a place and where between them it lies.
struct DrawCell {
  first: vec2i,
  second: vec2i,
  fraction: vec2f,
}

fn draw_cell(place: vec2f) -> DrawCell {
  let last = draw_sample_count() - 1;
  let inside = clamp(place, vec2f(0.0), vec2f(last));
  let first = min(vec2i(inside), max(last - 1, vec2i(0)));
  return DrawCell(first, min(first + 1, last), inside - vec2f(first));
}

fn draw_bilinear(around: vec4f, fraction: vec2f) -> f32 {
  let rows = mix(around.xz, around.yw, fraction.x);
  return mix(rows.x, rows.y, fraction.y);
}

// A corner of a triangle, three numbers for each.
fn draw_corner(index: u32, record: u32) -> DrawVertex {
  let quads = draw_records[record].quads;
  let quad = index / 6u;
  let corner = vec2u(quad % quads, quad / quads) + DRAW_CORNERS[index % 6u];
  let section = draw_records[record].section;
  let place = mix(section.xy, section.zw, vec2f(corner) / f32(quads));
  let samples_per_pixel = draw_samples_per_pixel(record, place);
  let height = draw_corner_height(record, place, samples_per_pixel);
  let uv = place / vec2f(draw_sample_count() - 1);
  var vertex = draw_vertex_at(record, vec3f(place, height), uv, vec3f(0.0, 0.0, 1.0));
  vertex.samples_per_pixel = samples_per_pixel;
  return vertex;
}

@vertex fn draw_vertex(
  @builtin(vertex_index) index: u32,
  @builtin(instance_index) record: u32,
) -> DrawVertex {
  return draw_corner(index, record);
}

// The place that layer weights are read at.
var<private> draw_weight_cell: DrawCell;
var<private> draw_weight_slots: vec4u;

fn draw_surface(vertex: DrawVertex) -> DrawSurface {
  let height_and_slope = draw_height_and_slope(vertex);
  let height = height_and_slope.x;
  draw_weight_cell = draw_cell(vertex.at.xy);
  draw_weight_slots = vertex.layers;
  let to_normal = mat3x3f(vertex.normal_of_x, vertex.normal_of_y, vertex.normal_of_z);
  let normal = normalize(to_normal * vec3f(-height_and_slope.yz, 1.0));
  // The corners' heights between them, and what is missing to the height here.
  let missing = vertex.up * (height - vertex.at.z);
  let surface = vertex.world + missing;
  return DrawSurface(surface.xyz, vertex.relative + missing.xyz, vertex.uv, normal, surface.w);
}

fn material_layer_weight(index: u32) -> f32 {
  let slot = (draw_weight_slots[index / 4u] >> (8u * (index % 4u))) & 255u;
  if (slot == 255u) {
    return 0.0;
  }
  let cell = draw_weight_cell;
  let layer = slot / 4u;
  let channel = slot % 4u;
  return draw_bilinear(vec4f(
    textureLoad(draw_weights, cell.first, layer, 0)[channel],
    textureLoad(draw_weights, vec2i(cell.second.x, cell.first.y), layer, 0)[channel],
    textureLoad(draw_weights, vec2i(cell.first.x, cell.second.y), layer, 0)[channel],
    textureLoad(draw_weights, cell.second, layer, 0)[channel],
  ), cell.fraction);
}
