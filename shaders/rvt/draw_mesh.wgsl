// Meshes that are drawn.

@vertex fn draw_vertex(
  @builtin(instance_index) record: u32,
  @location(0) at: vec3f,
  @location(1) normal: vec3f,
  @location(2) uv: vec2f,
) -> DrawVertex {
  return draw_vertex_at(record, at, uv, draw_world_normal(record, normal));
}

fn draw_surface(vertex: DrawVertex) -> DrawSurface {
  return DrawSurface(
    vertex.world.xyz, vertex.relative, vertex.uv, normalize(vertex.normal), vertex.world.w,
  );
}

// Only landscapes have painted layers.
fn material_layer_weight(index: u32) -> f32 {
  return 0.0;
}
