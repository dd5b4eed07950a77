// Palettes of BC7: two endpoints and the rounded steps between them.
// Widening, weights and rounding: Khronos Data Format Specification 1.3, section 20.1.

// How the lowest bits of endpoints are stored.
const P_NONE: u32 = 0u;
const P_SHARED: u32 = 1u;
const P_EACH: u32 = 2u;
// As P_EACH, but always 1: alpha 255 can be stored only so.
const P_ONES: u32 = 3u;

// One palette of a block: which texels and channels it serves, and how it is stored.
struct Part {
  mask: u32,
  channels: vec4f,
  // Of an endpoint's channel, the p-bit included: 5 to 8.
  bits: u32,
  p_kind: u32,
  // Highest index: 3, 7 or 15.
  steps: f32,
}

fn no_ends() -> Ends {
  return Ends(vec4f(0.0), vec4f(0.0), Fit(3.0e38, 0.0, 0.0, vec4f(0.0)));
}

// Stored values widened to 8 bits by repeating the high ones.
fn widen(stored: vec4f, bits: u32) -> vec4f {
  return stored * f32(1u << (8u - bits)) + floor(stored / f32(1u << (2u * bits - 8u)));
}

// The stored value nearest to a value, of those with lowest bit `p`.
fn quantize_with_p(value: vec4f, bits: u32, p: f32) -> vec4f {
  let highest = f32((1u << bits) - 1u);
  let halved = round((value * (highest / 255.0) - p) * 0.5);
  return 2.0 * clamp(halved, vec4f(0.0), vec4f((highest - 1.0) * 0.5)) + p;
}

fn quantize(value: vec4f, bits: u32) -> vec4f {
  let highest = f32((1u << bits) - 1u);
  return clamp(round(value * (highest / 255.0)), vec4f(0.0), vec4f(highest));
}

// What the palette between two stored endpoints does to its texels.
fn measure(start: vec4f, end: vec4f, part: Part) -> Fit {
  let first = widen(start, part.bits);
  let last = widen(end, part.bits);
  let axis = axis_in_steps(first, last, part.steps);
  let sixty_fourth = (last - first) / 64.0;
  var fit = Fit(0.0, 0.0, 0.0, vec4f(0.0));
  for (var i = 0u; i < 16u; i++) {
    let value = texel(i) * part.channels;
    let inside = selected(part.mask, i);
    // The format's tables of weights, in 64ths, are these numbers for 3, 7 and 15 steps.
    let weight = floor(position_on(value, first, axis, part.steps) * (64.0 / part.steps) + 0.5);
    let miss = floor(first + sixty_fourth * weight + 0.5) - value;
    let share = weight / 64.0 * inside;
    fit.error += dot(miss, miss) * inside;
    fit.weight += share;
    fit.weight_squared += share * share;
    fit.weighted += value * share;
  }
  return fit;
}

// The best stored endpoints for a line, over all p-bits (bit 0 is the start's, bit 1 the end's).
fn store_line(line: Line, part: Part) -> Ends {
  var best = no_ends();
  let step = select(1u, 3u, part.p_kind == P_SHARED || part.p_kind == P_NONE);
  for (var p = select(0u, 3u, part.p_kind == P_ONES); p < 4u; p += step) {
    var start = quantize(line.start, part.bits);
    var end = quantize(line.end, part.bits);
    if (part.p_kind != P_NONE) {
      start = quantize_with_p(line.start, part.bits, f32(p & 1u));
      end = quantize_with_p(line.end, part.bits, f32(p >> 1u));
    }
    start *= part.channels;
    end *= part.channels;
    let fit = measure(start, end, part);
    if (fit.error < best.fit.error) {
      best = Ends(start, end, fit);
    }
  }
  return best;
}

// Fits a palette: principal axis, then rounds of least squares while they help.
fn fit_part(part: Part, rounds: u32) -> Ends {
  var line = principal_line(part.mask, part.channels);
  let count = f32(countOneBits(part.mask));
  let total = sum_texels(part.mask) * part.channels;
  var best = no_ends();
  for (var round = 0u; round < rounds; round++) {
    let ends = store_line(line, part);
    if (ends.fit.error < best.fit.error) {
      best = ends;
    }
    line = least_squares(ends.fit, count, total, line);
  }
  return best;
}

// Moves one channel of one endpoint at a time by one step, p-bits kept, where it helps. Only
// channels that are 1 in `movable` are touched.
fn refine_part(given: Ends, part: Part, movable: vec4f, sweeps: u32) -> Ends {
  var best = given;
  let highest = vec4f(f32((1u << part.bits) - 1u));
  let step = select(2.0, 1.0, part.p_kind == P_NONE);
  for (var trial = 0u; trial < 16u * sweeps; trial++) {
    let channel = vec4f(vec4u((trial >> 1u) & 3u) == vec4u(0u, 1u, 2u, 3u));
    let nudge = channel * part.channels * movable * select(step, -step, (trial & 1u) == 1u);
    let at_end = (trial & 8u) == 8u;
    let start = best.start + select(nudge, vec4f(0.0), at_end);
    let end = best.end + select(vec4f(0.0), nudge, at_end);
    if (any(min(start, end) < vec4f(0.0)) || any(max(start, end) > highest)) {
      continue;
    }
    let fit = measure(start, end, part);
    if (fit.error < best.fit.error) {
      best = Ends(start, end, fit);
    }
  }
  return best;
}
