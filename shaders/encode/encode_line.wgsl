// Fitting a line to a block's texels, for formats whose palette is a line between two endpoints.
//
// A mask selects texels (bit i is texel i); `channels` is 1 for channels that count and 0 for those
// that do not. Values are stored values, 0 to 255.

struct Line {
  start: vec4f,
  end: vec4f,
}

// What a palette does to the texels: its squared error, and what least squares needs.
struct Fit {
  error: f32,
  // Sum of the weights of the end, and of their squares.
  weight: f32,
  weight_squared: f32,
  // Sum of texels times weight.
  weighted: vec4f,
}

// Stored endpoints with what they do.
struct Ends {
  start: vec4f,
  end: vec4f,
  fit: Fit,
}

fn selected(mask: u32, i: u32) -> f32 {
  return f32((mask >> i) & 1u);
}

fn sum_texels(mask: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var i = 0u; i < 16u; i++) {
    sum += texel(i) * selected(mask, i);
  }
  return sum;
}

// The diagonal of the bounding box along which the texels lie, drawn in by `inset` of its length at
// both ends.
fn diagonal_line(mask: u32, channels: vec4f, inset: f32) -> Line {
  let mean = sum_texels(mask) / max(1.0, f32(countOneBits(mask)));
  var low = vec4f(255.0);
  var high = vec4f(0.0);
  for (var i = 0u; i < 16u; i++) {
    let inside = selected(mask, i) > 0.0;
    low = select(low, min(low, texel(i)), inside);
    high = select(high, max(high, texel(i)), inside);
  }
  let size = max(vec4f(0.0), high - low) * channels;
  // Which way each channel runs, against the one with the longest side.
  let longest = max(max(size.x, size.y), max(size.z, size.w));
  let reference = select(
    select(select(vec4f(0, 0, 0, 1), vec4f(0, 0, 1, 0), size.z == longest),
      vec4f(0, 1, 0, 0), size.y == longest),
    vec4f(1, 0, 0, 0), size.x == longest);
  var together = vec4f(0.0);
  for (var i = 0u; i < 16u; i++) {
    let offset = (texel(i) - mean) * selected(mask, i);
    together += offset * dot(offset, reference);
  }
  let falls = together < vec4f(0.0);
  let margin = size * inset;
  let start = (low + margin) * channels;
  let end = (high - margin) * channels;
  return Line(select(start, end, falls), select(end, start, falls));
}

// The line through the mean along the principal axis (power iteration on the covariance), as long
// as the texels reach.
fn principal_line(mask: u32, channels: vec4f) -> Line {
  let mean = sum_texels(mask) / max(1.0, f32(countOneBits(mask))) * channels;
  var covariance = mat4x4f();
  for (var i = 0u; i < 16u; i++) {
    let offset = (texel(i) * channels - mean) * selected(mask, i);
    covariance[0] += offset * offset.x;
    covariance[1] += offset * offset.y;
    covariance[2] += offset * offset.z;
    covariance[3] += offset * offset.w;
  }
  let spread = vec4f(covariance[0].x, covariance[1].y, covariance[2].z, covariance[3].w);
  let widest = max(max(spread.x, spread.y), max(spread.z, spread.w));
  if (widest <= 0.0) {
    return Line(mean, mean);
  }
  var axis = select(
    select(select(covariance[3], covariance[2], spread.z == widest),
      covariance[1], spread.y == widest),
    covariance[0], spread.x == widest);
  for (var round = 0u; round < 6u; round++) {
    axis = axis / max(max(abs(axis.x), abs(axis.y)), max(abs(axis.z), abs(axis.w)));
    axis = covariance * axis;
  }
  axis = normalize(axis);
  var first = 0.0;
  var last = 0.0;
  for (var i = 0u; i < 16u; i++) {
    let along = dot(texel(i) * channels - mean, axis) * selected(mask, i);
    first = min(first, along);
    last = max(last, along);
  }
  return Line(mean + axis * first, mean + axis * last);
}

// The endpoints that are best for the palette positions that `fit` came from, of `count` texels
// that add up to `total`; `otherwise` if any endpoints are as good.
fn least_squares(fit: Fit, count: f32, total: vec4f, otherwise: Line) -> Line {
  let aa = fit.weight_squared;
  let ab = fit.weight - aa;
  let bb = count - fit.weight - ab;
  let determinant = aa * bb - ab * ab;
  if (determinant < 1.0e-3) {
    return otherwise;
  }
  let rest = total - fit.weighted;
  return Line(
    clamp((aa * rest - ab * fit.weighted) / determinant, vec4f(0.0), vec4f(255.0)),
    clamp((bb * fit.weighted - ab * rest) / determinant, vec4f(0.0), vec4f(255.0)));
}

// Projects on the line between two widened endpoints, in steps.
fn axis_in_steps(start: vec4f, end: vec4f, steps: f32) -> vec4f {
  let axis = end - start;
  return axis * (steps / max(dot(axis, axis), 1.0e-6));
}

// Position, 0 to `steps`, of the palette's value that is nearest.
fn position_on(value: vec4f, start: vec4f, axis: vec4f, steps: f32) -> f32 {
  return clamp(round(dot(value - start, axis)), 0.0, steps);
}
