// YCoCg colours in BC3 blocks: Co in red, Cg in green, their scale in blue, Y in alpha (van Waveren
// and Castaño, "Real-Time YCoCg-DXT Compression", NVIDIA 2007). Colours stay gamma-encoded, and
// alpha is dropped.
//
// Chroma is multiplied by the scale, so that little of it makes use of all 8 bits. With a scale for
// each block samplers may not filter, since the scales of two blocks differ; one scale for the whole
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

// What blue stores for a scale: (scale - 1) * 8, a number that 5 bits hold exactly. The scales of
// blocks are 1, 2 and 4, as published; those of tiles run from 1 to 32 and a bit, the largest that
// keeps chroma within 127 steps.
fn stored_scale(chroma: u32) -> u32 {
  if (scale_per_block) {
    return select(select(0u, 8u, chroma <= 254u), 24u, chroma <= 127u);
  }
  var code = 31u;
  while (code > 0u && chroma * (8u + widen_5(code)) > 8u * 4u * 127u) {
    code--;
  }
  return widen_5(code);
}

fn widen_5(code: u32) -> u32 {
  return (code << 3u) | (code >> 2u);
}

fn encode_block() -> vec4u {
  let tile_scale = stored_scale(atomicLoad(&tile_chroma[tile_index]));
  let scale = select(tile_scale, stored_scale(block_chroma()), scale_per_block);
  let factor = f32(8u + scale) / 32.0;
  for (var i = 0u; i < 16u; i++) {
    let value = ycocg(i);
    let chroma = vec2u(clamp(floor(vec2f(value.yz) * factor + 128.5), vec2f(0.0), vec2f(255.0)));
    packed_texels[i] = chroma.x | (chroma.y << 8u) | (scale << 16u) | (u32(value.x + 2) >> 2u << 24u);
  }
  let all = 0xffffu;
  return vec4u(encode_channel(3u), write_565(fit_565(3.0, all), 3.0, all));
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
