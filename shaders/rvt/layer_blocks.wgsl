// Which part of a runtime virtual texture the pixels of each block of a picture sample.

// For each block, row by row: least u and v, then the largest; the least above the largest where no pixel samples
// the texture.
@group(0) @binding(4) var<storage, read_write> layer_block_bounds: array<vec4f>;

@compute @workgroup_size(64)
fn bound_blocks(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&layer_block_bounds)) {
    return;
  }
  let size = textureDimensions(layer_places);
  let across = (size.x + LAYER_BLOCK_PIXELS - 1u) / LAYER_BLOCK_PIXELS;
  let first = LAYER_BLOCK_PIXELS * vec2u(id.x % across, id.x / across);
  let end = min(first + LAYER_BLOCK_PIXELS, size);
  var least = vec2f(2.0);
  var most = vec2f(-1.0);
  for (var y = first.y; y < end.y; y++) {
    for (var x = first.x; x < end.x; x++) {
      let place = textureLoad(layer_places, vec2u(x, y), 0);
      let at = layer_sampled_place(place);
      let is_sampled = place.z == layer_view.number;
      least = select(least, min(least, at), is_sampled);
      most = select(most, max(most, at), is_sampled);
    }
  }
  layer_block_bounds[id.x] = vec4f(least, most);
}
