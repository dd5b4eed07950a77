// Taps at explicit levels; usable in every shader stage and in any control flow. Where nothing is
// resident they return transparent black.

fn vt_tap(place: vt_Place, atlas: texture_2d_array<f32>, atlas_sampler: sampler) -> vec4<f32> {
  let color = textureSampleLevel(atlas, atlas_sampler, place.atlas_uv, place.layer, 0.0);
  return select(color, vec4<f32>(0.0), place.level == vt_no_level);
}

// The texture at a coordinate and a level of detail, which may be fractional: bilinear within a
// level, and the two nearest levels mixed. Each level is looked up by itself, so where one is not
// resident both taps fall back to the same ancestor and no seam shows.
fn sample_virtual_texture(
  virtual_coords: vec2<f32>,
  mip_level: f32,
  page_table: texture_2d<u32>,
  atlas_texture: texture_2d_array<f32>,
  atlas_sampler: sampler,
) -> vec4<f32> {
  let lod = clamp(mip_level, 0.0, f32(vt_params.last_level));
  let finer = i32(lod);
  let fraction = lod - f32(finer);
  var color = vec4<f32>(0.0);
  var level = finer;
  var weight = 1.0 - fraction;
  // A loop, so that the second tap is skipped where no neighbouring pixel needs it: drivers that
  // shade on the CPU run both sides of a branch, but leave a loop when it is done.
  loop {
    let place = vt_locate(virtual_coords, level, page_table);
    color += weight * vt_tap(place, atlas_texture, atlas_sampler);
    if (level > finer || fraction == 0.0) {
      break;
    }
    level++;
    weight = fraction;
  }
  return color;
}

// One bilinear tap at a whole level.
fn vt_bilinear(uv: vec2<f32>, level: u32) -> vec4<f32> {
  let wanted = min(i32(level), vt_params.last_level);
  return vt_tap(vt_locate(uv, wanted, vt_page_table), vt_atlas, vt_sampler);
}

// Two bilinear taps, mixed by the fraction of the level.
fn vt_trilinear(uv: vec2<f32>, lod: f32) -> vec4<f32> {
  return sample_virtual_texture(uv, lod, vt_page_table, vt_atlas, vt_sampler);
}
