// Reads page entries. Pure; the packing side is src/residency/page_entry.ts.
//
// A page entry is one u32: bits 0-7 slot x, 8-15 slot y, 16-26 atlas layer, 27-31 level of the
// content, counted downwards from 31. The page entry of a tile that is not resident names its nearest
// resident ancestor. 0 names nothing: a new texture, which WebGPU fills with zeros, shows nothing.

// Level of the content of a page entry that names nothing.
const vt_no_level: u32 = 31u;

// Slot of a page-table texel, as loaded: x and y in slots from the layer's corner, z the atlas layer.
fn unpack_atlas_coords(page_entry: vec4<u32>) -> vec3<u32> {
  let entry = page_entry.x;
  return vec3<u32>(entry & 0xffu, (entry >> 8u) & 0xffu, (entry >> 16u) & 0x7ffu);
}

// Level of the content that a page-table texel names; vt_no_level if there is none.
fn vt_page_entry_level(page_entry: vec4<u32>) -> u32 {
  return vt_no_level - (page_entry.x >> 27u);
}
