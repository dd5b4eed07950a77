// Anisotropic filtering by explicit taps along the longer axis of a pixel's footprint (Vulkan
// specification, "Texel Anisotropic Filtering").
//
// Every tap is looked up by itself, so taps may leave a tile, and the border does not limit their
// reach; where a neighbour is resident at a coarser level only, its taps are softer and still right.

// How a footprint is covered.
struct vt_Taps {
  // Level of detail of each tap.
  lod: vt_Lod,
  // Number of taps.
  count: i32,
  // Longer axis of the footprint, as a step of uv.
  axis: vec2<f32>,
}

fn vt_anisotropic_taps(footprint: vt_Footprint, shape: vt_Shape) -> vt_Taps {
  let biased_size = vec2<f32>(shape.size) * vt_params.bias_factor;
  let dx = footprint.dx * biased_size;
  let dy = footprint.dy * biased_size;
  let squared = vec2<f32>(dot(dx, dx), dot(dy, dy));
  let longer = max(squared.x, squared.y);
  let shorter = min(squared.x, squared.y);
  // Also where the shorter one is zero: the limit then.
  let most = vt_params.max_anisotropy;
  let ratio = select(most, sqrt(longer / shorter), longer < most * most * shorter);
  let lod = vt_lod(longer / (ratio * ratio), shape);
  // Rounding must not double the taps of a footprint that is a circle but for rounding.
  let count = max(i32(ceil(ratio - 0.02)), 1);
  return vt_Taps(lod, count, select(footprint.dx, footprint.dy, squared.y > squared.x));
}

fn vt_anisotropic_taps_of(
  coordinate: vt_Coordinate,
  footprint: vt_Footprint,
  shape: vt_Shape,
) -> vt_Sum {
  let taps = vt_anisotropic_taps(footprint, shape);
  let step = 1.0 / f32(taps.count + 1);
  var sum = vt_Sum();
  for (var i = 1; i <= taps.count; i++) {
    let moved = vt_moved(coordinate, taps.axis * (f32(i) * step - 0.5), shape);
    sum += vt_trilinear_tap(moved, taps.lod, shape);
  }
  return (1.0 / f32(taps.count)) * sum;
}

// The texture over a footprint; usable in every shader stage and in any control flow. dx and dy are
// steps of uv.
fn vt_anisotropic(uv: vec2<f32>, dx: vec2<f32>, dy: vec2<f32>) -> vt_Texels {
  return vt_mixed(vt_anisotropic_taps_of(vt_from_uv(uv), vt_Footprint(dx, dy), vt_shape()));
}

// The same with dx and dy in texels of level 0.
fn vt_anisotropic_at(
  texel: vec2<i32>,
  offset: vec2<f32>,
  dx: vec2<f32>,
  dy: vec2<f32>,
) -> vt_Texels {
  let shape = vt_shape();
  let footprint = vt_footprint_of_texels(dx, dy, shape);
  return vt_mixed(vt_anisotropic_taps_of(vt_from_texel(texel, offset), footprint, shape));
}
