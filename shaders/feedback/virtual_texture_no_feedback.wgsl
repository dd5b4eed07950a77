// Stands in for virtual_texture_feedback.wgsl in passes that report nothing.

fn vt_report(texel: vec2<i32>, pixel: vec2<f32>, level: i32, footprint: vt_Footprint) {}
