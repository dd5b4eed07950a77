// The uniform that the reference renderer's passes read: one placed texture and the picture.

struct SceneView {
  // Size of the picture in pixels.
  picture_size: vec2<f32>,
  // Texel of level 0 that corners carry their offset from; near what is seen.
  anchor: vec2<i32>,
  // What is sampled, less the darkest value, times the factor is shown: 0 to 1.
  darkest: vec4<f32>,
  factor: vec4<f32>,
}

@group(1) @binding(0) var<uniform> scene_view: SceneView;
