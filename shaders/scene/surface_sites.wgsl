// Where a surface samples runtime virtual textures, whose layers are then evaluated there.

fn layer_turn() -> u32 {
  return surface_view.turn;
}

struct SurfaceSite {
  @location(0) place: vec4f,
  @location(1) steps: vec4f,
}

@fragment fn site_fragment(
  vertex: DrawVertex, @builtin(front_facing) is_front: bool,
) -> SurfaceSite {
  let surface = draw_surface(vertex);
  _ = surface_material(surface, vertex, is_front);
  return SurfaceSite(layer_place, layer_steps);
}
