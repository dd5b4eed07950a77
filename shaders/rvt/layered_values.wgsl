// What the layers of a runtime virtual texture are where a picture's pixels sample it, evaluated for these very
// pixels. The samples of a surface are taken in turns: in the turn of one, its place is noted; those before it
// have their values already. A shader that includes this declares what shaders/rvt/layer_sites.wgsl does.

// Texels of level 0 along u and v, and the number of the texture.
@group(0) @binding(7) var<uniform> rvt_layers: vec4f;

fn rvt_values_at(uv: vec2f, ddx: vec2f, ddy: vec2f, pixel: vec2f, reports: bool) -> rvt_Values {
  let site = layer_next_site;
  layer_next_site = site + 1u;
  if (site == layer_turn()) {
    layer_place = vec4f(uv, rvt_layers.z, 0.0);
    layer_steps = vec4f(ddx, ddy);
  }
  var values = rvt_cleared();
  if (site < layer_turn()) {
    values = rvt_loaded(2 * vec2i(pixel), site, rvt_placement.height_range);
  }
  return values;
}

// A level that is given has the footprint of one of its texels.
fn rvt_values_of_level(uv: vec2f, level: f32, pixel: vec2f, reports: bool) -> rvt_Values {
  let texel = exp2(level) / rvt_layers.xy;
  return rvt_values_at(uv, vec2f(texel.x, 0.0), vec2f(0.0, texel.y), pixel, reports);
}
