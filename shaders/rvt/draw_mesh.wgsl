// Meshes that are drawn.

@vertex fn draw_vertex(
  @builtin(instance_index) record: u32,
  @location(0) at: vec3f,
  @location(1) normal: vec3f,
  @location(2) uv: vec2f,
) -> DrawVertex {
  let clip = draw_records[record].to_clip * vec4f(at, 1.0);
  return DrawVertex(draw_position(clip), at, uv, draw_world_normal(record, normal), record);
}

fn draw_surface(vertex: DrawVertex) -> DrawSurface {
  return draw_surface_at(vertex.record, vertex.at, vertex.normal, vertex.uv);
}

// Only landscapes have painted layers.
fn material_layer_weight(index: u32) -> f32 {
  return 0.0;
}
