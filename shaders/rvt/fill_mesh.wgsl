// Meshes that are rendered to tiles.

@vertex fn fill_vertex(
  @builtin(instance_index) record: u32,
  @location(0) at: vec3f,
  @location(1) normal: vec3f,
  @location(2) uv: vec2f,
) -> FillVertex {
  let clip = fill_records[record].to_clip * vec4f(at, 1.0);
  return FillVertex(vec4f(clip.xy, 0.5, 1.0), at, uv, normal, record);
}

fn fill_surface(vertex: FillVertex) -> FillSurface {
  return fill_surface_at(vertex.record, vertex.at, vertex.normal, vertex.uv);
}

// Only landscapes have painted layers.
fn material_layer_weight(index: u32) -> f32 {
  return 0.0;
}
