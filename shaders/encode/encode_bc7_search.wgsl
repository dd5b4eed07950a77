// BC7 blocks of medium and high quality: fits several modes and writes the best.
//
// High quality runs through some 15,000 iterations of loops a thread. One software
// adapter silently ends a thread after 65,535.

// The patterns whose two subsets are nearest to lines, best first.
struct Shortlist {
  scores: vec4f,
  patterns: vec4u,
}

// Sums over texels of their values and of products of channels.
struct Moments {
  count: f32,
  sum: vec4f,
  square: vec4f,
  // xy, yz and zx.
  cross: vec3f,
  // xw, yw and zw.
  with_alpha: vec3f,
}

// Squared distance of texels from their principal line: all variance but the largest eigenvalue's.
fn distance_from_line(moments: Moments) -> f32 {
  let mean = moments.sum / max(moments.count, 1.0);
  let square = moments.square - moments.sum * mean;
  let cross = moments.cross - moments.sum.xyz * mean.yzx;
  let with_alpha = moments.with_alpha - moments.sum.xyz * mean.w;
  let covariance = mat4x4f(
    vec4f(square.x, cross.x, cross.z, with_alpha.x),
    vec4f(cross.x, square.y, cross.y, with_alpha.y),
    vec4f(cross.z, cross.y, square.z, with_alpha.z),
    vec4f(with_alpha, square.w));
  let widest = max(max(square.x, square.y), max(square.z, square.w));
  var axis = select(
    select(select(covariance[3], covariance[2], square.z == widest),
      covariance[1], square.y == widest),
    covariance[0], square.x == widest) / max(widest, 1.0e-6);
  axis = covariance * axis;
  axis = axis / max(max(max(abs(axis.x), abs(axis.y)), max(abs(axis.z), abs(axis.w))), 1.0e-6);
  let turned = covariance * axis;
  let largest = dot(turned, axis) / max(dot(axis, axis), 1.0e-6);
  return dot(square, vec4f(1.0)) - largest;
}

fn moments_of(mask: u32, origin: vec4f) -> Moments {
  var moments = Moments(f32(countOneBits(mask)), vec4f(0.0), vec4f(0.0), vec3f(0.0), vec3f(0.0));
  for (var i = 0u; i < 16u; i++) {
    let value = (texel(i) - origin) * selected(mask, i);
    moments.sum += value;
    moments.square += value * value;
    moments.cross += value.xyz * value.yzx;
    moments.with_alpha += value.xyz * value.w;
  }
  return moments;
}

fn difference(all: Moments, some: Moments) -> Moments {
  return Moments(all.count - some.count, all.sum - some.sum, all.square - some.square,
    all.cross - some.cross, all.with_alpha - some.with_alpha);
}

fn shortlist_patterns() -> Shortlist {
  // About the first texel, so that products stay small enough for floats.
  let origin = texel(0u);
  let all = moments_of(0xffffu, origin);
  var list = Shortlist(vec4f(3.0e38), vec4u(0u));
  // The later half is rarely best: leaving it out costs 0.03 dB on photographs.
  let count = select(32u, 64u, quality == 2u);
  for (var pattern = 0u; pattern < count; pattern++) {
    let some = moments_of(pattern_mask(pattern), origin);
    let score = distance_from_line(some) + distance_from_line(difference(all, some));
    let before = vec4f(score) < list.scores;
    let after = vec4<bool>(false, before.xyz);
    let pushed_scores = vec4f(score, list.scores.xyz);
    let pushed_patterns = vec4u(pattern, list.patterns.xyz);
    list.scores = select(list.scores, select(vec4f(score), pushed_scores, after), before);
    list.patterns = select(list.patterns, select(vec4u(pattern), pushed_patterns, after), before);
  }
  return list;
}

// The n-th encoding to try. Mode 6 comes first; then, for opaque blocks, modes 1 and 3 on the
// shortlist and modes 5 and 4 in every rotation; for others, mode 7 instead of 1 and 3. Medium
// quality tries modes 6 and 1, or 6, 7 and 5.
fn nth_choice(n: u32, list: Shortlist) -> Choice {
  if (n == 0u) {
    return Choice(6u, 0u, 0u, 0u);
  }
  if (quality == 1u && n == 2u && !block_is_opaque) {
    return Choice(5u, 0u, 0u, 0u);
  }
  if (n <= 4u) {
    return Choice(select(7u, 1u, block_is_opaque), list.patterns[n - 1u], 0u, 0u);
  }
  if (n <= 8u) {
    return Choice(5u, 0u, n - 5u, 0u);
  }
  if (n <= 16u) {
    return Choice(4u, 0u, (n - 9u) >> 1u, (n - 9u) & 1u);
  }
  return Choice(3u, list.patterns[n - 17u], 0u, 0u);
}

fn choice_count() -> u32 {
  if (quality == 1u) {
    return 3u;
  }
  return select(17u, 21u, block_is_opaque);
}

fn encode_block() -> vec4u {
  if (is_solid()) {
    return write_solid(packed_texels[0]);
  }
  block_is_opaque = is_opaque();
  let list = shortlist_patterns();
  var best_choice = Choice(6u, 0u, 0u, 0u);
  var best = array<Ends, 2>(no_ends(), no_ends());
  var best_error = 3.0e38;
  for (var n = 0u; n < choice_count(); n++) {
    let choice = nth_choice(n, list);
    var ends = array<Ends, 2>();
    var error = 0.0;
    for (var index = 0u; index < part_count(choice.mode); index++) {
      ends[index] = fit_part(part_of(choice, index), quality + 1u);
      error += ends[index].fit.error;
    }
    if (error < best_error) {
      best_error = error;
      best_choice = choice;
      best = ends;
    }
  }
  if (quality == 2u) {
    let movable = vec4f(1.0, 1.0, 1.0, f32(!block_is_opaque));
    for (var index = 0u; index < part_count(best_choice.mode); index++) {
      best[index] = refine_part(best[index], part_of(best_choice, index), movable, 2u);
    }
  }
  return write_block(best_choice, &best);
}
