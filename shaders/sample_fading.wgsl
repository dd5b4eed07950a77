// Trilinear taps that fade new tiles in: the younger a slot's content, the further the mix leans to
// the next coarser level. A slot's age counts rendered frames.

// How far a slot's content has faded in, 0..1.
fn vt_fade_of(slot: u32) -> f32 {
  let age = max(i32(vt_params.frame - vt_slot_frames[slot]), 0);
  return saturate(f32(age + 1) * vt_params.fade_per_frame);
}

// What the filters of fragment shaders are made of: as vt_trilinear, with fading.
fn vt_trilinear_tap(uv: vec2<f32>, lod: f32) -> vec4<f32> {
  let clamped = clamp(lod, 0.0, f32(vt_params.last_level));
  let finer = i32(clamped);
  let near = vt_locate(uv, finer, vt_page_table);
  // An ancestor that stands in for the finer level leans to its own parent.
  let content = clamp(i32(near.level), finer, vt_params.last_level);
  let far = vt_locate(uv, min(content + 1, vt_params.last_level), vt_page_table);
  let mixed = select(1.0, 1.0 - (clamped - f32(finer)), content == finer);
  let amount = mixed * vt_fade_of(near.slot);
  return mix(vt_tap(far, vt_atlas, vt_sampler), vt_tap(near, vt_atlas, vt_sampler), amount);
}
