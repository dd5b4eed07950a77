// Applies edits to a page table.
//
// edit_level takes those of one level: each rewrites its tile's page entry, and those of the tiles
// below that still hold the old value. Edits of coarser levels have been applied before, by earlier
// dispatches; the subtrees of tiles of one level are disjoint.
//
// edit_single takes edits that touch nothing but their own tile's page entry. It runs last, so that
// the page entry keeps the value that it writes.

struct Level {
  tiles_x: u32,
  tiles_y: u32,
  first_tile: u32,
  padding: u32,
}

struct Levels {
  table_shift: u32,
  table_mask: u32,
  padding: vec2<u32>,
  level: array<Level, 21>,
}

struct Group {
  // Level of the tiles that are edited; without meaning for edit_single.
  level: u32,
  // Where the edits of this dispatch begin, and how many there are.
  first_edit: u32,
  edit_count: u32,
  // Tiles in the largest subtree of a tile of this level; 1 for edit_single.
  subtree_tiles: u32,
}

struct Edit {
  // Column and row of the tile in its level; for edit_single, number of the tile and nothing.
  x: u32,
  y: u32,
  old_value: u32,
  new_value: u32,
}

@group(0) @binding(0) var table: texture_storage_2d<r32uint, read_write>;
@group(0) @binding(1) var<uniform> levels: Levels;
@group(0) @binding(2) var<uniform> edit_group: Group;
@group(0) @binding(3) var<storage, read> edits: array<Edit>;
@group(0) @binding(4) var<storage, read_write> written_texels: atomic<u32>;

var<workgroup> group_written: atomic<u32>;

fn texel_of(tile: u32) -> vec2<u32> {
  return vec2<u32>(tile & levels.table_mask, tile >> levels.table_shift);
}

// First column (or row) below a column at a level so many levels finer, and the one past the last.
// Floored sizes do not nest exactly: the last column is the parent of everything that is left over.
fn span(index: u32, count: u32, finer_count: u32, finer_by: u32) -> vec2<u32> {
  var end = finer_count;
  if (index + 1u < count) {
    end = min((index + 1u) << finer_by, finer_count);
  }
  return vec2<u32>(index << finer_by, end);
}

// Writes tile number `index` of an edit's subtree, counted from the finest level; returns whether it
// was one that changes.
fn apply(edit: Edit, index: u32) -> bool {
  let top = levels.level[edit_group.level];
  var rest = index;
  for (var l = 0u; l <= edit_group.level; l++) {
    let grid = levels.level[l];
    let columns = span(edit.x, top.tiles_x, grid.tiles_x, edit_group.level - l);
    let rows = span(edit.y, top.tiles_y, grid.tiles_y, edit_group.level - l);
    let width = columns.y - columns.x;
    let tiles = width * (rows.y - rows.x);
    if (rest < tiles) {
      let x = columns.x + rest % width;
      let y = rows.x + rest / width;
      let texel = texel_of(grid.first_tile + y * grid.tiles_x + x);
      if (l == edit_group.level || textureLoad(table, texel).x == edit.old_value) {
        textureStore(table, texel, vec4<u32>(edit.new_value));
        return true;
      }
      return false;
    }
    rest -= tiles;
  }
  return false;
}

@compute @workgroup_size(64)
fn edit_level(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  var written = 0u;
  let total = edit_group.edit_count * edit_group.subtree_tiles;
  for (var i = id.x; i < total; i += groups.x * 64u) {
    let edit = edits[edit_group.first_edit + i / edit_group.subtree_tiles];
    if (apply(edit, i % edit_group.subtree_tiles)) {
      written++;
    }
  }
  atomicAdd(&group_written, written);
  workgroupBarrier();
  if (lane == 0u) {
    atomicAdd(&written_texels, atomicLoad(&group_written));
  }
}

@compute @workgroup_size(64)
fn edit_single(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  for (var i = id.x; i < edit_group.edit_count; i += groups.x * 64u) {
    let edit = edits[edit_group.first_edit + i];
    textureStore(table, texel_of(edit.x), vec4<u32>(edit.new_value));
  }
}
