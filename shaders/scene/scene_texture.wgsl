// Draws a placed virtual texture. Corners are projected in float64 on the CPU; no depth is kept:
// z = w / 2 passes any depth range, so only w > 0 clips. Needs scene_view.wgsl, and shown_plane of
// scene_pipelines.ts.

// Whether the content is one channel, shown as grey.
override shows_grey: bool = false;
// Whether colours are multiplied by alpha, which those of pictures are not.
override is_premultiplied: bool = false;
// Whether what is resident is shown opaque, whatever its fourth channel.
override shows_opaque: bool = false;

// Whether values are shown in the colours of the map, vt_color_map_at.
override shows_map: bool = false;
// Whether colours are encoded to sRGB here, and not by the target.
override encodes: bool = false;

struct Corner {
  @builtin(position) position: vec4<f32>,
  // From the anchor, in texels of level 0.
  @location(0) offset: vec2<f32>,
}

// clip holds clip x, y and w.
@vertex
fn project(@location(0) clip: vec3<f32>, @location(1) offset: vec2<f32>) -> Corner {
  return Corner(vec4<f32>(clip.xy, 0.5 * clip.z, clip.z), offset);
}

// IEC 61966-2-1.
fn encode_srgb(light: vec3<f32>) -> vec3<f32> {
  let powers = 1.055 * pow(max(light, vec3<f32>(0.0)), vec3<f32>(1.0 / 2.4)) - 0.055;
  return select(powers, 12.92 * light, light <= vec3<f32>(0.0031308));
}

// A range of values, and their colours.
fn ranged(color: vec4<f32>) -> vec4<f32> {
  let stored = select(color.rgb, encode_srgb(color.rgb), encodes);
  let within = (stored - scene_view.darkest.rgb) * scene_view.factor.rgb;
  return vec4<f32>(select(within, vt_color_map_at(saturate(within.r)), shows_map), color.a);
}

@fragment
fn sampled(corner: Corner) -> @location(0) vec4<f32> {
  let texels = vt_sample_at(scene_view.anchor, corner.offset, corner.position.xy);
  let texel = shown_plane(texels);
  let straight = vec4<f32>(texel.rgb / select(1.0, texel.a, texel.a > 0.0), texel.a);
  let color = ranged(select(texel, straight, is_premultiplied));
  let shown = select(color, color.rrra, shows_grey && !shows_map);
  // A missing tile's page entry names its nearest resident ancestor: of none, nothing is resident.
  let is_resident = vt_content_level_at(scene_view.anchor, corner.offset, 0u) != vt_no_level;
  return vec4<f32>(shown.rgb, select(shown.a, 1.0, shows_opaque && is_resident));
}

@fragment
fn by_level(corner: Corner) -> @location(0) vec4<f32> {
  return vt_debug_level_at(scene_view.anchor, corner.offset, corner.position.xy);
}
