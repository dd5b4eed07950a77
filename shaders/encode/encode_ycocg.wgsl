// YCoCg colours in BC3 blocks: Co in red, Cg in green, their scale in blue, Y in alpha (van Waveren
// and Castaño, "Real-Time YCoCg-DXT Compression", NVIDIA 2007). Colours stay gamma-encoded, and
// alpha is dropped.
//
// Chroma is multiplied by the scale, so that little of it makes use of all 8 bits. With a scale for
// each block samplers cannot filter, since the scales of two blocks differ; one scale for the whole
// tile comes out of a sampler as it is.

// Of each tile the largest chroma, in quarters of a step: 4 * max(|Co|, |Cg|).
@group(0) @binding(3) var<storage, read_write> tile_chroma: array<atomic<u32>>;

// Whether each block has a scale of its own.
override scale_per_block: bool = false;

// Y, Co and Cg of a texel, 4 times as large, which makes them integers.
fn ycocg(i: u32) -> vec3i {
  let color = vec3i(texel(i).rgb);
  return vec3i(
    color.r + 2 * color.g + color.b,
    2 * (color.r - color.b),
    2 * color.g - color.r - color.b,
  );
}

fn block_chroma() -> u32 {
  var most = 0;
  for (var i = 0u; i < 16u; i++) {
    let value = abs(ycocg(i));
    most = max(most, max(value.y, value.z));
  }
  return u32(most);
}

// What blue stores for the largest scale that keeps chroma within 127 steps: (scale - 1) * 8, of those
// numbers that 5 bits hold. Scales run from 1 to 32.875; those that were published are 1, 2 and 4.
fn stored_scale(chroma: u32) -> u32 {
  let most = 8u * 4u * 127u / max(chroma, 1u);
  let room = select(0u, most - 8u, most > 8u);
  // Wide values are up to 8.25 times their code: this one fits, and the next one may.
  let code = min(4u * room / 33u, 31u);
  return select(widen_5(code), widen_5(code + 1u), code < 31u && widen_5(code + 1u) <= room);
}

fn widen_5(code: u32) -> u32 {
  return (code << 3u) | (code >> 2u);
}

// Cg of a texel as the block's palette has it, times its scale, from 0 to 255.
fn decoded_green(words: vec2u, i: u32) -> f32 {
  let ends = vec2f((vec2u(words.x) >> vec2u(5u, 21u)) & vec2u(63u));
  let wide = ends * 4.0 + floor(ends / 16.0);
  let index = (words.y >> (2u * i)) & 3u;
  // Indices 0 and 1 are the ends, 2 and 3 the thirds between them.
  let thirds = select(f32(index) - 1.0, 3.0 * f32(index), index < 2u);
  return floor(mix(wide.x, wide.y, thirds / 3.0) + 0.5);
}

// Alpha, exactly where it takes no more than eight steps that follow each other: a palette of 7 steps
// is made of them, and no device rounds it.
fn encode_luma() -> vec2u {
  var low = 255.0;
  var high = 0.0;
  for (var i = 0u; i < 16u; i++) {
    let value = channel_value(3u, i);
    low = min(low, value);
    high = max(high, value);
  }
  if (high - low > 7.0) {
    return encode_channel(3u);
  }
  let end = min(low, 248.0);
  return write_channel(3u, ChannelEnds(end + 7.0, end, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 7.0);
}

fn encode_block() -> vec4u {
  let tile_scale = stored_scale(atomicLoad(&tile_chroma[tile_index]));
  let scale = select(tile_scale, stored_scale(block_chroma()), scale_per_block);
  let factor = f32(8u + scale) / 8.0;
  var values: array<vec2f, 16>;
  for (var i = 0u; i < 16u; i++) {
    let value = vec3f(ycocg(i)) / 4.0;
    let chroma = vec2u(clamp(floor(value.yz * factor + 128.5), vec2f(0.0), vec2f(255.0)));
    values[i] = value.xz;
    packed_texels[i] = chroma.x | (chroma.y << 8u) | (scale << 16u);
  }
  let color = write_565(fit_565(3.0, 0xffffu), 3.0, 0xffffu);
  // An error e of Cg adds to green and takes from red and blue. The Y that leaves the least of it is
  // e / 3 larger: the least squares of (y + c - e), (y + e) and (y - c - e). Small errors would only
  // decide which way ties are rounded.
  for (var i = 0u; i < 16u; i++) {
    let miss = (decoded_green(color, i) - 128.0) / factor - values[i].y;
    let shift = select(0.0, miss / 3.0, abs(miss) > 0.5);
    let luma = clamp(floor(values[i].x + shift + 0.5), 0.0, 255.0);
    packed_texels[i] |= u32(luma) << 24u;
  }
  return vec4u(encode_luma(), color);
}

var<workgroup> most_chroma: atomic<u32>;

// Runs before `encode` where tiles have one scale: each thread reads one block.
@compute @workgroup_size(64)
fn measure_chroma(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  if (load_block(id.x, id.y)) {
    atomicMax(&most_chroma, block_chroma());
  }
  workgroupBarrier();
  if (thread == 0u) {
    atomicMax(&tile_chroma[id.y], atomicLoad(&most_chroma));
  }
}
