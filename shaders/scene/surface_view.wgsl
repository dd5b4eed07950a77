// What a picture of surfaces is seen from and lit by.

struct SurfaceView {
  // Position of the camera, from the picture's origin; of an orthographic one, the direction towards it.
  camera: vec3f,
  // 1 for an orthographic camera, whose z of clip space is then larger near it, and inside 0 to 1.
  orthographic: f32,
  // Direction to the light, of unit length.
  towards_light: vec3f,
  // Linear radiance of a white matte surface that faces the light.
  light_color: vec3f,
  // Number of the sample whose layers are evaluated next: those before it have their values.
  turn: u32,
}

@group(0) @binding(1) var<uniform> surface_view: SurfaceView;

const DRAW_BIASES_LEVELS: bool = true;

// Nearer than this, in units of the world, nothing is seen.
const LEAST_DISTANCE: f32 = 1e-4;

// Depth is larger near the camera, whatever the projection's convention: its near and far planes clip
// nothing.
fn draw_position(clip: vec4f) -> vec4f {
  if (surface_view.orthographic == 0.0) {
    return vec4f(clip.xy, LEAST_DISTANCE, clip.w);
  }
  return clip;
}
