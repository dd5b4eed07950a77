// A material's surface, lit, in a picture.

fn surface_material(surface: DrawSurface, vertex: DrawVertex, is_front: bool) -> MaterialOutput {
  // Nothing is rendered to a texture: levels and derivatives are those of the pixel.
  return material_evaluate(MaterialInput(
    surface.world_position, surface.relative, surface.uv, draw_seen_normal(surface, is_front), vertex.position.xy,
    MaterialView(0.0, 0.0, vec2f(0.0)),
  ));
}

@fragment fn surface_fragment(
  vertex: DrawVertex, @builtin(front_facing) is_front: bool,
) -> @location(0) vec4f {
  let surface = draw_surface(vertex);
  let material = surface_material(surface, vertex, is_front);
  let is_perspective = surface_view.orthographic == 0.0;
  let from_camera = surface_view.camera - surface.relative;
  let towards_viewer = select(surface_view.camera, from_camera, is_perspective);
  let shaded = ShadedSurface(
    material.base_color, material.specular, material.roughness, material.normal,
  );
  let light = shade_surface(
    shaded, towards_viewer, surface_view.towards_light, surface_view.light_color,
  );
  return vec4f(light, saturate(material.opacity));
}
