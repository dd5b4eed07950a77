// Noise of materials; src/rvt/material/expressions/noise.ts has the formulas.

fn material_hash(at: vec4<u32>) -> vec4<u32> {
  var v = at * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4<u32>(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

fn material_lattice(corner: vec3<i32>, seed: u32) -> vec3<f32> {
  let hash = material_hash(vec4<u32>(vec3<u32>(corner), seed));
  return vec3<f32>(hash.xyz >> vec3<u32>(8u)) / 16777216.0;
}

fn material_noise_weight(f: vec3<f32>) -> vec3<f32> {
  return f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
}

// What a corner adds: its own value, or the height of its slope.
fn material_corner(
  cell: vec3<i32>,
  f: vec3<f32>,
  corner: vec3<i32>,
  seed: u32,
  slopes: vec3<f32>,
) -> f32 {
  let lattice = material_lattice(cell + corner, seed);
  let slope = dot((2.0 * lattice - 1.0) * slopes, f - vec3<f32>(corner));
  return select(slope, lattice.x, slopes.x == 0.0);
}

fn material_noise_layer(
  cell: vec3<i32>,
  f: vec3<f32>,
  z: i32,
  seed: u32,
  slopes: vec3<f32>,
) -> f32 {
  let w = material_noise_weight(f);
  let near = mix(
    material_corner(cell, f, vec3<i32>(0, 0, z), seed, slopes),
    material_corner(cell, f, vec3<i32>(1, 0, z), seed, slopes),
    w.x,
  );
  let far = mix(
    material_corner(cell, f, vec3<i32>(0, 1, z), seed, slopes),
    material_corner(cell, f, vec3<i32>(1, 1, z), seed, slopes),
    w.x,
  );
  return mix(near, far, w.y);
}

// One octave. slopes is 0 for value noise, else what each component of a slope is multiplied by.
fn material_noise_octave(place: vec3<f32>, is_solid: bool, seed: u32, slopes: vec3<f32>) -> f32 {
  let origin = floor(place);
  let f = place - origin;
  let cell = vec3<i32>(origin);
  let below = material_noise_layer(cell, f, 0, seed, slopes);
  if (!is_solid) {
    return below;
  }
  let above = material_noise_layer(cell, f, 1, seed, slopes);
  return mix(below, above, material_noise_weight(f).z);
}

fn material_noise(
  place: vec3<f32>,
  is_solid: bool,
  octaves: u32,
  seed: u32,
  slopes: vec3<f32>,
) -> f32 {
  var sum = 0.0;
  var total = 0.0;
  var amplitude = 1.0;
  var frequency = 1.0;
  for (var octave = 0u; octave < octaves; octave++) {
    sum += amplitude * material_noise_octave(place * frequency, is_solid, seed + octave, slopes);
    total += amplitude;
    amplitude *= 0.5;
    frequency *= 2.0;
  }
  return sum / total;
}
