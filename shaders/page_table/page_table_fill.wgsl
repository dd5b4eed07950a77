// Fills a page table with "nothing resident".

const PAGE_ENTRY_NONE: u32 = 31u << 27u;

@group(0) @binding(0) var table: texture_storage_2d<r32uint, write>;

@compute @workgroup_size(64)
fn fill(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < textureDimensions(table).x) {
    textureStore(table, id.xy, vec4<u32>(PAGE_ENTRY_NONE));
  }
}
