// One channel as in BC4, BC5 and the alpha of BC3: two 8-bit endpoints and 3-bit indices (Khronos
// Data Format Specification 1.3, sections 18.3 and 19).
//
// With the first endpoint above the second there are seven steps between them; else five, and the
// last two indices are 0 and 255.

struct ChannelEnds {
  start: f32,
  end: f32,
  // As in `Fit`, without the texels that are 0 or 255 by index.
  error: f32,
  count: f32,
  weight: f32,
  weight_squared: f32,
  weighted: f32,
  total: f32,
}

fn channel_value(channel: u32, i: u32) -> f32 {
  return f32((packed_texels[i] >> (8u * channel)) & 255u);
}

fn channel_position(value: f32, start: f32, end: f32, steps: f32) -> f32 {
  let size = end - start;
  return clamp(round((value - start) * steps / select(size, 1.0, size == 0.0)), 0.0, steps);
}

// Whether a texel is nearer to 0 or 255 than to the palette, where the palette can have those two.
fn is_extreme(value: f32, miss: f32, steps: f32) -> bool {
  return steps == 5.0 && min(value, 255.0 - value) < abs(miss);
}

fn measure_channel(channel: u32, start: f32, end: f32, steps: f32) -> ChannelEnds {
  var ends = ChannelEnds(start, end, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
  for (var i = 0u; i < 16u; i++) {
    let value = channel_value(channel, i);
    let weight = channel_position(value, start, end, steps) / steps;
    let miss = mix(start, end, weight) - value;
    if (is_extreme(value, miss, steps)) {
      let least = min(value, 255.0 - value);
      ends.error += least * least;
    } else {
      ends.error += miss * miss;
      ends.count += 1.0;
      ends.weight += weight;
      ends.weight_squared += weight * weight;
      ends.weighted += weight * value;
      ends.total += value;
    }
  }
  return ends;
}

// Endpoints by least squares for the indices of an earlier pair.
fn improve_channel(channel: u32, given: ChannelEnds, steps: f32) -> ChannelEnds {
  let aa = given.weight_squared;
  let ab = given.weight - aa;
  let bb = given.count - given.weight - ab;
  let determinant = aa * bb - ab * ab;
  if (determinant < 1.0e-3) {
    return given;
  }
  let rest = given.total - given.weighted;
  let start = clamp(round((aa * rest - ab * given.weighted) / determinant), 0.0, 255.0);
  let end = clamp(round((bb * given.weighted - ab * rest) / determinant), 0.0, 255.0);
  return measure_channel(channel, start, end, steps);
}

fn search_channel(channel: u32, given: ChannelEnds, steps: f32) -> ChannelEnds {
  var best = given;
  var latest = given;
  for (var round = 0u; round < 2u * quality; round++) {
    latest = improve_channel(channel, latest, steps);
    if (latest.error < best.error) {
      best = latest;
    }
  }
  if (quality == 2u) {
    // Every pair of endpoints up to two steps away, twice.
    for (var trial = 0u; trial < 50u; trial++) {
      let nudge = vec2f(f32(trial % 5u), f32((trial / 5u) % 5u)) - vec2f(2.0);
      let near = clamp(vec2f(best.start, best.end) + nudge, vec2f(0.0), vec2f(255.0));
      let tried = measure_channel(channel, near.x, near.y, steps);
      if (tried.error < best.error) {
        best = tried;
      }
    }
  }
  return best;
}

fn write_channel(channel: u32, given: ChannelEnds, steps: f32) -> vec2u {
  var start = given.start;
  var end = given.end;
  if ((start < end) == (steps == 7.0)) {
    start = given.end;
    end = given.start;
  }
  var words = vec2u(u32(start) | (u32(end) << 8u), 0u);
  for (var i = 0u; i < 16u; i++) {
    let value = channel_value(channel, i);
    let position = channel_position(value, start, end, steps);
    let miss = mix(start, end, position / steps) - value;
    // Position 0 is index 0, the last is index 1, those between follow.
    var index = select(u32(position) + 1u, 0u, position == 0.0);
    index = select(index, 1u, position == steps);
    index = select(index, select(6u, 7u, value > 127.0), is_extreme(value, miss, steps));
    let at = 16u + 3u * i;
    words |= select(vec2u(index << (at & 31u), 0u), vec2u(0u, index << (at & 31u)), at >= 32u);
    if (at == 31u) {
      words.y |= index >> 1u;
    }
  }
  return words;
}

fn encode_channel(channel: u32) -> vec2u {
  var low = 255.0;
  var high = 0.0;
  var inner_low = 255.0;
  var inner_high = 0.0;
  for (var i = 0u; i < 16u; i++) {
    let value = channel_value(channel, i);
    low = min(low, value);
    high = max(high, value);
    let inside = value > 0.0 && value < 255.0;
    inner_low = select(inner_low, min(inner_low, value), inside);
    inner_high = select(inner_high, max(inner_high, value), inside);
  }
  let seven = search_channel(channel, measure_channel(channel, high, low, 7.0), 7.0);
  if (quality > 0u && inner_low <= inner_high) {
    let inner = measure_channel(channel, inner_low, inner_high, 5.0);
    let five = search_channel(channel, inner, 5.0);
    if (five.error < seven.error) {
      return write_channel(channel, five, 5.0);
    }
  }
  return write_channel(channel, seven, 7.0);
}
