// Where a runtime virtual texture lies in the world.

struct rvt_Placement {
  // Rows of the matrix from the world to the texture: u, v.
  to_u: vec4<f32>,
  to_v: vec4<f32>,
  // World z that is stored as 0 and as 1.
  height_range: vec2<f32>,
  // Texel of level 0 where the origin of relative positions lies, and the place in it.
  origin_offset: vec2<f32>,
  origin_texel: vec2<i32>,
}

@group(0) @binding(8) var<uniform> rvt_placement: rvt_Placement;

fn rvt_uv_of(place: vec3f) -> vec2f {
  let at = vec4f(place, 1.0);
  return vec2f(dot(rvt_placement.to_u, at), dot(rvt_placement.to_v, at));
}

// What a step in the world is on the texture.
fn rvt_uv_step(step: vec3f) -> vec2f {
  return vec2f(dot(rvt_placement.to_u.xyz, step), dot(rvt_placement.to_v.xyz, step));
}
