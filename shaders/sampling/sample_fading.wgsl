// Trilinear taps that fade new tiles in: the younger a slot's content, the further the mix leans to
// the next coarser level. A slot's age counts rendered frames.

// What the age of any slot is computed from.
struct vt_Fading {
  // Slots in a row and in a column of an atlas layer.
  grid: vec2<i32>,
  frame: u32,
  per_frame: f32,
}

fn vt_fading(shape: vt_Shape) -> vt_Fading {
  // Divides exactly, as slots fill a layer. In floats, since CPUs divide integers one by one.
  let slot_size = f32((1 << shape.tile_shift) + 2 * shape.border);
  let atlas_size = vec2<f32>(vec2<i32>(textureDimensions(vt_atlas)));
  let grid = vec2<i32>(atlas_size / slot_size + 0.5);
  return vt_Fading(grid, vt_slot_frames.frame, vt_params.fade_per_frame);
}

// How far a slot's content has faded in, 0..1.
fn vt_fade_of(slot: vec3<i32>, fading: vt_Fading) -> f32 {
  let number = (slot.z * fading.grid.y + slot.y) * fading.grid.x + slot.x;
  let age = max(i32(fading.frame - vt_slot_frames.births[number]), 0);
  return saturate(f32(age + 1) * fading.per_frame);
}

// What the filters of fragment shaders are made of: as vt_trilinear, with fading. The first tap
// takes its share, and the next coarser level what is left; a loop for the same reason as there.
fn vt_trilinear_tap(coordinate: vt_Coordinate, lod: vt_Lod, shape: vt_Shape) -> vt_Sum {
  let point = vt_point(coordinate, shape, vt_atlas);
  let fading = vt_fading(shape);
  var texels = vt_Sum();
  var level = lod.finer;
  var left = 1.0;
  loop {
    let place = vt_locate(point, level, shape, vt_page_table);
    var share = left;
    // An ancestor that stands in for the finer level leans to its own parent.
    let content = clamp(i32(place.level), level, shape.last_level);
    if (left == 1.0) {
      share = select(1.0, 1.0 - lod.fraction, content == lod.finer) * vt_fade_of(place.slot, fading);
    }
    texels += share * vt_taps(place, shape, vt_atlas, vt_sampler);
    left -= share;
    if (left <= 0.0) {
      break;
    }
    level = min(content + 1, shape.last_level);
  }
  return texels;
}
