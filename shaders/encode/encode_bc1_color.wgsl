// Colour blocks of BC1 and BC3: two 5-6-5 endpoints and 2-bit indices (Khronos Data Format
// Specification 1.3, section 18.1).

const RGB: vec4f = vec4f(1.0, 1.0, 1.0, 0.0);
const HIGHEST_565: vec4f = vec4f(31.0, 63.0, 31.0, 0.0);

fn widen_565(stored: vec4f) -> vec4f {
  let scaled = stored * vec4f(8.0, 4.0, 8.0, 0.0);
  return scaled + floor(stored * vec4f(0.25, 0.0625, 0.25, 0.0));
}

fn quantize_565(value: vec4f) -> vec4f {
  return clamp(round(value * (HIGHEST_565 / 255.0)), vec4f(0.0), HIGHEST_565);
}

// What the palette between two stored endpoints, of 3 or 2 steps, does to the selected texels.
fn measure_565(start: vec4f, end: vec4f, steps: f32, mask: u32) -> Fit {
  let first = widen_565(start);
  let last = widen_565(end);
  let axis = axis_in_steps(first, last, steps);
  var fit = Fit(0.0, 0.0, 0.0, vec4f(0.0));
  for (var i = 0u; i < 16u; i++) {
    let value = texel(i) * RGB;
    let inside = selected(mask, i);
    let weight = position_on(value, first, axis, steps) / steps;
    let miss = floor(mix(first, last, weight) + 0.5) - value;
    let share = weight * inside;
    fit.error += dot(miss, miss) * inside;
    fit.weight += share;
    fit.weight_squared += share * share;
    fit.weighted += value * share;
  }
  return fit;
}

fn store_565(line: Line, steps: f32, mask: u32) -> Ends {
  let start = quantize_565(line.start);
  let end = quantize_565(line.end);
  return Ends(start, end, measure_565(start, end, steps, mask));
}

// Moves one channel of one endpoint, or of both, at a time by one step, where it helps.
fn refine_565(given: Ends, steps: f32, mask: u32) -> Ends {
  var best = given;
  // Three channels, two ways, of the start, the end and both: one sweep, or three.
  let trials = select(18u, 54u, quality == 2u);
  for (var trial = 0u; trial < trials; trial++) {
    let channel = vec4f(vec4u(trial % 3u) == vec4u(0u, 1u, 2u, 3u));
    let nudge = channel * select(1.0, -1.0, (trial / 3u) % 2u == 1u);
    let ends = 1u + (trial / 6u) % 3u;
    let start = best.start + select(vec4f(0.0), nudge, (ends & 1u) != 0u);
    let end = best.end + select(vec4f(0.0), nudge, (ends & 2u) != 0u);
    if (any(min(start, end) < vec4f(0.0)) || any(max(start, end) > HIGHEST_565)) {
      continue;
    }
    let fit = measure_565(start, end, steps, mask);
    if (fit.error < best.fit.error) {
      best = Ends(start, end, fit);
    }
  }
  return best;
}

// Rounds of least squares, then single steps, from a line.
fn search_565(given: Line, steps: f32, mask: u32) -> Ends {
  var line = given;
  let count = f32(countOneBits(mask));
  let total = sum_texels(mask) * RGB;
  var best = store_565(line, steps, mask);
  var latest = best;
  for (var round = 0u; round < 2u * quality; round++) {
    line = least_squares(latest.fit, count, total, line);
    latest = store_565(line, steps, mask);
    if (latest.fit.error < best.fit.error) {
      best = latest;
    }
  }
  return refine_565(best, steps, mask);
}

fn fit_565(steps: f32, mask: u32) -> Ends {
  let diagonal = diagonal_line(mask, RGB, 1.0 / 16.0);
  if (quality == 0u) {
    return store_565(diagonal, steps, mask);
  }
  let principal = principal_line(mask, RGB);
  var best = search_565(principal, steps, mask);
  if (quality == 2u) {
    // Other lines end in other optima: the diagonal, and the axis drawn in by an eighth a side.
    let margin = (principal.end - principal.start) / 8.0;
    let inner = Line(principal.start + margin, principal.end - margin);
    for (var trial = 0u; trial < 2u; trial++) {
      var line = diagonal;
      if (trial == 1u) {
        line = inner;
      }
      let other = search_565(line, steps, mask);
      if (other.fit.error < best.fit.error) {
        best = other;
      }
    }
  }
  return best;
}

fn pack_565(stored: vec4f) -> u32 {
  let value = vec4u(stored);
  return (value.r << 11u) | (value.g << 5u) | value.b;
}

// The block's two words. Four colours need the first endpoint to be above the second, three (with
// transparent black for texels that are not in the mask) need it not to be.
fn write_565(given: Ends, steps: f32, mask: u32) -> vec2u {
  var start = given.start;
  var end = given.end;
  let rises = pack_565(start) < pack_565(end);
  if (rises == (steps == 3.0)) {
    start = given.end;
    end = given.start;
  }
  let first = widen_565(start);
  let axis = axis_in_steps(first, widen_565(end), steps);
  var indices = 0u;
  for (var i = 0u; i < 16u; i++) {
    let position = u32(position_on(texel(i) * RGB, first, axis, steps));
    // Position 0 is index 0, the last is index 1, those between follow.
    var index = select(position + 1u, 0u, position == 0u);
    index = select(index, 1u, position == u32(steps));
    index = select(3u, index, selected(mask, i) > 0.0);
    indices |= index << (2u * i);
  }
  return vec2u(pack_565(start) | (pack_565(end) << 16u), indices);
}
