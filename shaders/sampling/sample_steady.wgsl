// Stands in for sample_fading.wgsl in passes that show new tiles at once.

// What the filters of fragment shaders are made of.
fn vt_trilinear_tap(coordinate: vt_Coordinate, lod: vt_Lod, shape: vt_Shape) -> vt_Sum {
  let point = vt_point(coordinate, shape, vt_atlas);
  return vt_two_taps(point, lod.finer, lod.fraction, shape, vt_page_table, vt_atlas, vt_sampler);
}
