// A layer of a runtime virtual texture, evaluated for the pixels of a picture that sample it. Each triangle that
// writes to the texture covers a rectangle of the picture, in which each pixel finds whether the triangle is
// above its place on the texture. Where a draw has few triangles, the picture is cut into blocks, and a triangle
// covers those of them alone whose pixels may sample it. Records take the world to u, v and w of the volume.
//
// A pixel has a quad of its own, so that derivatives are those of its surface, also at edges: the first
// fragment of the quad is the pixel, the others are a pixel to the right of it and below it on that surface.

// What a pixel to the right and one below add to its place: see shaders/rvt/layer_sites.wgsl.
@group(0) @binding(3) var layer_place_steps: texture_2d<f32>;
// As shaders/rvt/layer_blocks.wgsl leaves them.
@group(0) @binding(4) var<storage, read> layer_block_bounds: array<vec4f>;

// Nearer than this to the plane of the camera, a corner may be seen anywhere.
const LAYER_LEAST_DISTANCE: f32 = 1e-4;
// Pixels of the target by which rectangles are larger than triangles: rounding leaves none out.
const LAYER_MARGIN: f32 = 4.0;
const LAYER_CORNERS = array<vec2f, 6>(
  vec2f(0.0, 0.0), vec2f(1.0, 0.0), vec2f(0.0, 1.0), vec2f(0.0, 1.0), vec2f(1.0, 0.0), vec2f(1.0, 1.0),
);
const LAYER_NOWHERE = vec4f(2.0, 2.0, 0.0, 1.0);

// All of it is the same over a triangle. Fragment shaders read no buffers: see DrawVertex.
struct LayerVertex {
  @builtin(position) position: vec4f,
  // u and v on the texture of the first two corners. Corners turn from u to v.
  @location(0) @interpolate(flat) place_of_ab: vec4f,
  // Of each corner, as of DrawVertex: at and uv.x, normal and uv.y, world.
  @location(1) @interpolate(flat) at_of_a: vec4f,
  @location(2) @interpolate(flat) normal_of_a: vec4f,
  @location(3) @interpolate(flat) world_of_a: vec4f,
  @location(4) @interpolate(flat) at_of_b: vec4f,
  @location(5) @interpolate(flat) normal_of_b: vec4f,
  @location(6) @interpolate(flat) world_of_b: vec4f,
  @location(7) @interpolate(flat) at_of_c: vec4f,
  @location(8) @interpolate(flat) normal_of_c: vec4f,
  @location(9) @interpolate(flat) world_of_c: vec4f,
  // As of DrawVertex; the fourth numbers are u and v of the third corner, and 1 and the samples that a texel
  // of level 0 covers, negative if the back is seen.
  @location(10) @interpolate(flat) up: vec4f,
  @location(11) @interpolate(flat) normal_of_x: vec4f,
  @location(12) @interpolate(flat) normal_of_y: vec4f,
  @location(13) @interpolate(flat) normal_of_z: vec4f,
  @location(14) @interpolate(flat) layers: vec4u,
}

const DRAW_BIASES_LEVELS: bool = true;

// In u, v and w of the volume here.
fn draw_position(clip: vec4f) -> vec4f {
  return clip;
}

// What may be seen of a box: least x and y, then the largest, in pixels of the target from its upper left.
fn layer_rectangle(least: vec3f, most: vec3f) -> vec4f {
  var low = layer_view.pixels;
  var high = vec2f(0.0);
  var nearest = 1.0;
  var farthest = 0.0;
  for (var i = 0u; i < 8u; i++) {
    let corner = select(least, most, (vec3u(i) & vec3u(1u, 2u, 4u)) != vec3u(0u));
    let clip = layer_view.to_clip * vec4f(corner, 1.0);
    nearest = min(nearest, clip.w);
    farthest = max(farthest, clip.w);
    let at = (0.5 + vec2f(0.5, -0.5) * clip.xy / clip.w) * layer_view.pixels;
    low = min(low, at);
    high = max(high, at);
  }
  if (nearest < LAYER_LEAST_DISTANCE) {
    // All of it is behind the camera, or it is on both sides.
    return vec4f(vec2f(0.0), select(layer_view.pixels, vec2f(0.0), farthest <= 0.0));
  }
  // Pixels are pairs of the target's.
  let first = 2.0 * floor((low - LAYER_MARGIN) / 2.0);
  let end = 2.0 * ceil((high + LAYER_MARGIN) / 2.0);
  return vec4f(clamp(first, vec2f(0.0), layer_view.pixels), clamp(end, vec2f(0.0), layer_view.pixels));
}

fn layer_doubled_area(a: vec2f, b: vec2f, c: vec2f) -> f32 {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Where pixels may be that sample the texture in a triangle.
fn layer_rectangle_of(a: vec2f, b: vec2f, c: vec2f) -> vec4f {
  if (layer_view.anywhere != 0.0) {
    return vec4f(vec2f(0.0), layer_view.pixels);
  }
  let least = vec3f(min(min(a, b), c), layer_view.least.z);
  let most = vec3f(max(max(a, b), c), layer_view.most.z);
  // What is outside of the texture samples its edge.
  let margin = vec3f(1.0 / layer_view.texels, 0.0);
  return layer_rectangle(
    select(least, layer_view.least, least <= margin),
    select(most, layer_view.most, most >= 1.0 - margin),
  );
}

// The place whose side of a line is farthest to the left, of those in a block.
fn layer_leftmost(a: vec2f, b: vec2f, bounds: vec4f) -> vec2f {
  return select(bounds.xw, bounds.zy, vec2<bool>(b.y < a.y, b.x < a.x));
}

// What of a rectangle is in a block, if pixels of the block may sample the texture in a triangle; else nothing.
fn layer_in_block(rectangle: vec4f, block: u32, a: vec2f, b: vec2f, c: vec2f) -> vec4f {
  // Rounding leaves none out.
  let margin = 1.0 / layer_view.texels;
  let bounds = layer_block_bounds[block] + vec4f(-margin, margin);
  let is_met = all(bounds.xy <= bounds.zw) &&
    all(min(min(a, b), c) <= bounds.zw) && all(max(max(a, b), c) >= bounds.xy) &&
    layer_doubled_area(a, b, layer_leftmost(a, b, bounds)) >= 0.0 &&
    layer_doubled_area(b, c, layer_leftmost(b, c, bounds)) >= 0.0 &&
    layer_doubled_area(c, a, layer_leftmost(c, a, bounds)) >= 0.0;
  let across = u32(layer_view.blocks.x);
  // Pixels are pairs of the target's.
  let edge = f32(2u * LAYER_BLOCK_PIXELS);
  let first = edge * vec2f(f32(block % across), f32(block / across));
  let low = max(rectangle.xy, first);
  let high = min(rectangle.zw, first + edge);
  return select(vec4f(0.0), vec4f(low, high), is_met && all(low < high));
}

@vertex fn layer_vertex(
  @builtin(vertex_index) index: u32,
  @builtin(instance_index) record: u32,
) -> LayerVertex {
  let is_cut = layer_view.blocks.x > 0.0;
  let block_count = select(1u, u32(layer_view.blocks.x * layer_view.blocks.y), is_cut);
  let first = 3u * (index / 6u / block_count);
  let a = draw_corner(first, record);
  var b = draw_corner(first + 1u, record);
  var c = draw_corner(first + 2u, record);
  let area = layer_doubled_area(a.position.xy, b.position.xy, c.position.xy);
  let is_reversed = area < 0.0;
  if (is_reversed) {
    let kept = b;
    b = c;
    c = kept;
  }
  let to_world = draw_records[record].to_world;
  let is_mirrored = determinant(mat3x3f(to_world[0].xyz, to_world[1].xyz, to_world[2].xyz)) < 0.0;
  let is_front = is_reversed == is_mirrored;
  let is_shown = area != 0.0 && (is_front || layer_view.two_sided != 0.0);
  var rectangle = layer_rectangle_of(a.position.xy, b.position.xy, c.position.xy);
  if (is_cut) {
    let block = index / 6u % block_count;
    rectangle = layer_in_block(rectangle, block, a.position.xy, b.position.xy, c.position.xy);
  }
  let at = mix(rectangle.xy, rectangle.zw, LAYER_CORNERS[index % 6u]) / layer_view.pixels;
  let position = select(LAYER_NOWHERE, vec4f(2.0 * at.x - 1.0, 1.0 - 2.0 * at.y, 0.5, 1.0), is_shown);
  return LayerVertex(
    position,
    vec4f(a.position.xy, b.position.xy),
    vec4f(a.at, a.uv.x), vec4f(a.normal, a.uv.y), a.world,
    vec4f(b.at, b.uv.x), vec4f(b.normal, b.uv.y), b.world,
    vec4f(c.at, c.uv.x), vec4f(c.normal, c.uv.y), c.world,
    a.up,
    vec4f(a.normal_of_x, c.position.x),
    vec4f(a.normal_of_y, c.position.y),
    vec4f(a.normal_of_z, select(-1.0, 1.0, is_front) * (1.0 + a.samples_per_pixel)),
    a.layers,
  );
}

// Above 0 on the left of a line, as seen with u to the right and v upwards; the very same number below 0 for the
// line that runs back.
fn layer_side(a: vec2f, b: vec2f, at: vec2f) -> f32 {
  let runs_back = a.x > b.x || (a.x == b.x && a.y > b.y);
  let side = layer_doubled_area(select(a, b, runs_back), select(b, a, runs_back), at);
  return select(side, -side, runs_back);
}

// Of two triangles with a common edge, a place on it is in one alone.
fn layer_is_inside(a: vec2f, b: vec2f, at: vec2f) -> bool {
  let side = layer_side(a, b, at);
  let has_edge = b.y > a.y || (b.y == a.y && b.x < a.x);
  return side > 0.0 || (side == 0.0 && has_edge);
}

// What a rasteriser would hand on at a place between the corners.
fn layer_drawn(vertex: LayerVertex, weights: vec3f, pixel: vec2i, level: f32) -> DrawVertex {
  let samples_per_pixel = (abs(vertex.normal_of_z.w) - 1.0) * exp2(level);
  let at = mat3x4f(vertex.at_of_a, vertex.at_of_b, vertex.at_of_c) * weights;
  let normal = mat3x4f(vertex.normal_of_a, vertex.normal_of_b, vertex.normal_of_c) * weights;
  let world = mat3x4f(vertex.world_of_a, vertex.world_of_b, vertex.world_of_c) * weights;
  return DrawVertex(
    vec4f(vec2f(pixel) + 0.5, 0.5, 1.0), at.xyz, vec2f(at.w, normal.w), normal.xyz, world, vertex.up,
    vertex.normal_of_x.xyz, vertex.normal_of_y.xyz, vertex.normal_of_z.xyz, vertex.layers,
    samples_per_pixel, vec3f(0.0),
  );
}

// The level of detail of a sample: as vt_anisotropic_taps in shaders/sampling/sample_anisotropic.wgsl.
fn layer_wanted_level(steps: vec4f) -> f32 {
  let dx = steps.xy * layer_view.texels;
  let dy = steps.zw * layer_view.texels;
  let longer = max(dot(dx, dx), dot(dy, dy));
  let shorter = min(dot(dx, dx), dot(dy, dy));
  let most = layer_view.most_anisotropy;
  let ratio = select(most, sqrt(longer / shorter), longer < most * most * shorter);
  return clamp(log2(max(sqrt(longer) / ratio, 1e-30)), 0.0, layer_view.level_count - 1.0);
}

@fragment fn layer_fragment(vertex: LayerVertex) -> FillOutput {
  let fragment = vec2i(vertex.position.xy);
  let pixel = fragment / 2;
  let place = textureLoad(layer_places, pixel, 0);
  let steps = textureLoad(layer_place_steps, pixel, 0);
  let a = vertex.place_of_ab.xy;
  let b = vertex.place_of_ab.zw;
  let c = vec2f(vertex.normal_of_x.w, vertex.normal_of_y.w);
  let at = layer_sampled_place(place);
  let is_inside = layer_is_inside(a, b, at) && layer_is_inside(b, c, at) && layer_is_inside(c, a, at);
  // All fragments of a quad, or none.
  if (!is_inside || place.z != layer_view.number) {
    discard;
  }
  let right_and_down = vec2f(fragment - 2 * pixel);
  let shifted = at + right_and_down.x * steps.xy + right_and_down.y * steps.zw;
  let area = layer_doubled_area(a, b, c);
  let of_b = layer_doubled_area(a, shifted, c) / area;
  let of_c = layer_doubled_area(a, b, shifted) / area;
  let level = layer_wanted_level(steps);
  let drawn = layer_drawn(vertex, vec3f(1.0 - of_b - of_c, of_b, of_c), pixel, level);
  let view = MaterialView(level, layer_view.level_count, layer_view.texel_size * exp2(level));
  return fill_values(drawn, vertex.normal_of_z.w > 0.0, view, layer_view.height_range);
}
