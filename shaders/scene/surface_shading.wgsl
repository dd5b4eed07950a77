// Physically based shading of a surface under one directional light.
//
// With n the normal, v towards the viewer, l towards the light, h = normalize(v + l), all of unit length:
//
// - roughness is at least 0.089, where highlights get narrower than stored normals resolve (Guy and Agopian
//   2018, "Physically Based Rendering in Filament", "Roughness remapping and clamping"); alpha is its square
//   (Burley 2012, "Physically Based Shading at Disney", 5.4);
// - D: GGX (Walter et al. 2007, equation 33), with |n x h|^2 in place of 1 - (n.h)^2, which loses digits
//   where the highlight is;
// - V: Smith's masking and shadowing, correlated by height (Heitz 2014, "Understanding the
//   Masking-Shadowing Function in Microfacet-Based BRDFs", equation 99), divided by 4 n.l n.v;
// - F: Schlick 1994, with F0 = 0.08 specular (Karis 2013, "Real Shading in Unreal Engine 4");
// - radiance = light n.l (base color + pi D V F), the light being the radiance of a white matte surface
//   that faces it.

const PI: f32 = 3.14159265;
const LEAST_ROUGHNESS: f32 = 0.089;

struct ShadedSurface {
  base_color: vec3f,
  specular: f32,
  roughness: f32,
  // In the world, of any length; 0 is taken as (0, 0, 1).
  normal: vec3f,
}

fn unit_or_up(vector: vec3f) -> vec3f {
  let squared = dot(vector, vector);
  return select(vec3f(0.0, 0.0, 1.0), vector * inverseSqrt(max(squared, 1e-30)), squared > 1e-30);
}

fn ggx(n: vec3f, h: vec3f, alpha2: f32) -> f32 {
  let nh = saturate(dot(n, h));
  let across = cross(n, h);
  let spread = alpha2 * nh * nh + dot(across, across);
  return alpha2 / (PI * spread * spread);
}

fn smith(nl: f32, nv: f32, alpha2: f32) -> f32 {
  let masking = nl * sqrt(nv * nv * (1.0 - alpha2) + alpha2);
  let shadowing = nv * sqrt(nl * nl * (1.0 - alpha2) + alpha2);
  return 0.5 / (masking + shadowing);
}

fn schlick(f0: f32, lh: f32) -> f32 {
  let rest = 1.0 - lh;
  let squared = rest * rest;
  return f0 + (1.0 - f0) * squared * squared * rest;
}

// Linear radiance towards the viewer.
fn shade_surface(
  surface: ShadedSurface,
  towards_viewer: vec3f,
  towards_light: vec3f,
  light_color: vec3f,
) -> vec3f {
  let n = unit_or_up(surface.normal);
  let v = normalize(towards_viewer);
  let l = towards_light;
  let h = unit_or_up(v + l);
  let nl = max(dot(n, l), 0.0);
  let nv = max(dot(n, v), 1e-4);
  let roughness = clamp(surface.roughness, LEAST_ROUGHNESS, 1.0);
  let alpha = roughness * roughness;
  let alpha2 = alpha * alpha;
  let f0 = 0.08 * surface.specular;
  let highlight = ggx(n, h, alpha2) * smith(nl, nv, alpha2) * schlick(f0, saturate(dot(l, h)));
  return light_color * nl * (surface.base_color + PI * highlight);
}
