// Heights of a landscape that lie in a texture of its own.

// Height of each sample in the landscape's space.
@group(1) @binding(0) var draw_heights: texture_2d<f32>;

fn draw_sample_count() -> vec2i {
  return vec2i(textureDimensions(draw_heights));
}

fn draw_heights_around(cell: DrawCell) -> vec4f {
  return vec4f(
    textureLoad(draw_heights, cell.first, 0).x,
    textureLoad(draw_heights, vec2i(cell.second.x, cell.first.y), 0).x,
    textureLoad(draw_heights, vec2i(cell.first.x, cell.second.y), 0).x,
    textureLoad(draw_heights, cell.second, 0).x,
  );
}

// Slopes along x and y at a sample: central differences, one-sided at the edges.
fn draw_slope_at(at: vec2i) -> vec2f {
  let last = vec2i(textureDimensions(draw_heights)) - 1;
  let before = max(at - 1, vec2i(0));
  let after = min(at + 1, last);
  let rise = vec2f(
    textureLoad(draw_heights, vec2i(after.x, at.y), 0).x -
      textureLoad(draw_heights, vec2i(before.x, at.y), 0).x,
    textureLoad(draw_heights, vec2i(at.x, after.y), 0).x -
      textureLoad(draw_heights, vec2i(at.x, before.y), 0).x,
  );
  return rise / vec2f(after - before);
}

// Bilinear between the samples' slopes, so that normals turn smoothly; as normalAt in src/geometry.
fn draw_slope(cell: DrawCell) -> vec2f {
  let upper = mix(
    draw_slope_at(cell.first),
    draw_slope_at(vec2i(cell.second.x, cell.first.y)),
    cell.fraction.x,
  );
  let lower = mix(
    draw_slope_at(vec2i(cell.first.x, cell.second.y)),
    draw_slope_at(cell.second),
    cell.fraction.x,
  );
  return mix(upper, lower, cell.fraction.y);
}

fn draw_samples_per_pixel(record: u32, place: vec2f) -> f32 {
  return 0.0;
}

// Height of a corner of a quad.
fn draw_corner_height(record: u32, place: vec2f, samples_per_pixel: f32) -> f32 {
  let cell = draw_cell(place);
  return draw_bilinear(draw_heights_around(cell), cell.fraction);
}

// Height and slopes along x and y where a pixel lies.
fn draw_height_and_slope(vertex: DrawVertex) -> vec3f {
  let cell = draw_cell(vertex.at.xy);
  return vec3f(draw_bilinear(draw_heights_around(cell), cell.fraction), draw_slope(cell));
}
