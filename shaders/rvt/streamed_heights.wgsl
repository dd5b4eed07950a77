// Heights of a landscape that are read of a streaming virtual texture, under names that begin with
// draw_height_vt_. A shader that includes this declares `const DRAW_BIASES_LEVELS: bool`: whether the
// texture's bias counts.

struct DrawHeights {
  // Height of a value of 1 above that of a value of 0, and that.
  scale: f32,
  offset: f32,
  // To which heights are clamped.
  least: f32,
  most: f32,
  channel: u32,
}

@group(1) @binding(0) var<uniform> draw_heights: DrawHeights;

// Levels of detail that are this close to an integer are one, but for rounding.
const DRAW_LEVEL_REACH: f32 = 1.0 / 512.0;

fn draw_sample_count() -> vec2i {
  return draw_height_vt_shape().size;
}

// The content that stands for a level where a place lies: that level's or a coarser one's.
struct DrawContent {
  is_there: bool,
  // Size of its level in texels.
  size: vec2i,
  // First and last of the level's texels that lie in its slot.
  least: vec2i,
  most: vec2i,
  // Way from there to the atlas, and its layer.
  to_atlas: vec2i,
  layer: i32,
}

// A place in what is stored, whose columns or rows may run against those of the heights.
fn draw_stored_place(place: vec2f, shape: draw_height_vt_Shape) -> vec2f {
  return select(place, vec2f(shape.size - 1) - place, shape.is_flipped);
}

fn draw_texel_at(place: vec2f, shape: draw_height_vt_Shape) -> vec2i {
  return clamp(vec2i(floor(place + 0.5)), vec2i(0), shape.size - 1);
}

fn draw_content_at(place: vec2f, level: i32, shape: draw_height_vt_Shape) -> DrawContent {
  let texel = draw_texel_at(place, shape);
  let index = draw_height_vt_tile_index(texel, level, shape);
  let page_entry = draw_height_vt_load_page_entry(index, shape, draw_height_vt_page_table);
  let found = draw_height_vt_page_entry_level(page_entry);
  let is_there = found != draw_height_vt_no_level;
  let content_level = select(shape.last_level, i32(found), is_there);
  let size = draw_height_vt_level_size(content_level, shape);
  let tile = draw_height_vt_tile_at(texel, content_level, size, shape);
  let slot = vec3i(draw_height_vt_unpack_atlas_coords(page_entry));
  let edge = 1 << shape.tile_shift;
  let corner = tile * edge;
  return DrawContent(
    is_there,
    size,
    max(corner - shape.border, vec2i(0)),
    min(corner + edge + shape.border, size) - 1,
    slot.xy * (edge + 2 * shape.border) + shape.border - corner,
    slot.z,
  );
}

fn draw_content_height(content: DrawContent, at: vec2i) -> f32 {
  let texel = clamp(at, content.least, content.most) + content.to_atlas;
  let loaded = textureLoad(draw_height_vt_atlas, texel, content.layer, 0);
  let stored = draw_height_vt_swizzled(loaded)[draw_heights.channel];
  let value = select(0.0, stored, content.is_there);
  return clamp(value * draw_heights.scale + draw_heights.offset, draw_heights.least, draw_heights.most);
}

// Slopes at a texel, from the heights before and after it along x and along y: central differences,
// one-sided at the edges.
fn draw_content_slope(at: vec2i, size: vec2i, around: vec4f) -> vec2f {
  let reach = min(at + 1, size - 1) - max(at - 1, vec2i(0));
  return vec2f(around.y - around.x, around.w - around.z) / vec2f(max(reach, vec2i(1)));
}

// The texels of a level around a place.
fn draw_content_cell(place: vec2f, content: DrawContent, ratio: vec2f) -> DrawCell {
  let last = content.size - 1;
  let at = clamp(place * ratio + (0.5 * ratio - 0.5), vec2f(0.0), vec2f(last));
  let first = min(vec2i(at), max(last - 1, vec2i(0)));
  return DrawCell(first, min(first + 1, last), at - vec2f(first));
}

// Height as one level has it: bilinear between its texels.
fn draw_level_height(place: vec2f, level: i32, shape: draw_height_vt_Shape) -> f32 {
  let content = draw_content_at(place, level, shape);
  let cell = draw_content_cell(place, content, vec2f(content.size) / vec2f(shape.size));
  return draw_bilinear(vec4f(
    draw_content_height(content, cell.first),
    draw_content_height(content, vec2i(cell.second.x, cell.first.y)),
    draw_content_height(content, vec2i(cell.first.x, cell.second.y)),
    draw_content_height(content, cell.second),
  ), cell.fraction);
}

// The same with slopes along stored columns and rows, in samples, bilinear between those of the texels.
fn draw_level_height_and_slope(place: vec2f, level: i32, shape: draw_height_vt_Shape) -> vec3f {
  let content = draw_content_at(place, level, shape);
  let last = content.size - 1;
  let ratio = vec2f(content.size) / vec2f(shape.size);
  let cell = draw_content_cell(place, content, ratio);
  let first = cell.first;
  let fraction = cell.fraction;
  // Heights of four by four texels, but for the corners.
  var heights: array<array<f32, 4>, 4>;
  for (var y = 0; y < 4; y++) {
    for (var x = 0; x < 4; x++) {
      let is_corner = (x == 0 || x == 3) && (y == 0 || y == 3);
      if (!is_corner) {
        let texel = clamp(first + vec2i(x, y) - 1, vec2i(0), last);
        heights[y][x] = draw_content_height(content, texel);
      }
    }
  }
  var slopes: array<vec2f, 4>;
  for (var k = 0; k < 4; k++) {
    let x = 1 + (k & 1);
    let y = 1 + (k >> 1u);
    let around = vec4f(heights[y][x - 1], heights[y][x + 1], heights[y - 1][x], heights[y + 1][x]);
    slopes[k] = draw_content_slope(first + vec2i(x, y) - 1, content.size, around);
  }
  let height = draw_bilinear(
    vec4f(heights[1][1], heights[1][2], heights[2][1], heights[2][2]), fraction,
  );
  let upper = mix(slopes[0], slopes[1], fraction.x);
  let lower = mix(slopes[2], slopes[3], fraction.x);
  return vec3f(height, mix(upper, lower, fraction.y) * ratio);
}

// Level of detail that a pixel needs which covers so many samples.
fn draw_level_of_detail(samples_per_pixel: f32, shape: draw_height_vt_Shape) -> f32 {
  var samples = samples_per_pixel;
  if (DRAW_BIASES_LEVELS) {
    samples *= draw_height_vt_params.bias_factor;
  }
  let level = clamp(log2(max(samples, 1.0)), 0.0, f32(shape.last_level));
  let nearest = round(level);
  return select(level, nearest, abs(level - nearest) < DRAW_LEVEL_REACH);
}

// What a place is looked up by: where it is stored, a level, and how much of the next coarser one counts.
struct DrawDetail {
  place: vec2f,
  finer: i32,
  coarser_part: f32,
}

fn draw_detail(place: vec2f, samples_per_pixel: f32, shape: draw_height_vt_Shape) -> DrawDetail {
  let level = draw_level_of_detail(samples_per_pixel, shape);
  let finer = i32(level);
  let inside = clamp(place, vec2f(0.0), vec2f(shape.size - 1));
  return DrawDetail(draw_stored_place(inside, shape), finer, level - f32(finer));
}

// Height that places are taken at whose own is not known yet.
fn draw_base_height() -> f32 {
  return 0.5 * (draw_heights.least + draw_heights.most);
}

// Grows with the distance: affine in the place, so that it may be interpolated.
fn draw_samples_per_pixel(record: u32, place: vec2f) -> f32 {
  let base = draw_records[record].to_clip * vec4f(place, draw_base_height(), 1.0);
  return draw_records[record].samples_per_pixel * base.w;
}

// Height of a corner of a quad. Where pixels find theirs, it does not matter, and is always the same.
fn draw_corner_height(record: u32, place: vec2f, samples_per_pixel: f32) -> f32 {
  if (draw_records[record].shapes_quads == 0u) {
    return draw_base_height();
  }
  let shape = draw_height_vt_shape();
  let detail = draw_detail(place, samples_per_pixel, shape);
  let height = draw_level_height(detail.place, detail.finer, shape);
  if (detail.coarser_part == 0.0) {
    return height;
  }
  let coarser = draw_level_height(detail.place, detail.finer + 1, shape);
  return mix(height, coarser, detail.coarser_part);
}

// Height and slopes along x and y where a pixel lies, and a report of the tile that it wants.
fn draw_height_and_slope(vertex: DrawVertex) -> vec3f {
  let shape = draw_height_vt_shape();
  let detail = draw_detail(vertex.at.xy, vertex.samples_per_pixel, shape);
  let anywhere = draw_height_vt_Footprint(vec2f(1.0), vec2f(1.0));
  draw_height_vt_report(
    draw_texel_at(detail.place, shape), vertex.position.xy, detail.finer, anywhere,
  );
  let finer = draw_level_height_and_slope(detail.place, detail.finer, shape);
  let directions = select(vec3f(1.0), vec3f(1.0, -1.0, -1.0), vec3<bool>(false, shape.is_flipped));
  if (detail.coarser_part == 0.0) {
    return finer * directions;
  }
  let coarser = draw_level_height_and_slope(detail.place, detail.finer + 1, shape);
  return mix(finer, coarser, detail.coarser_part) * directions;
}
