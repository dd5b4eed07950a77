// Gathers the filled slots of the feedback's hash table into a dense list, and empties the table.
// Runs after the draws, so that nothing else touches the table meanwhile.

struct Slot {
  stored_key: u32,
  count: u32,
}

struct Table {
  overflow: u32,
  padding: u32,
  slots: array<Slot>,
}

// Little-endian, a pair reads as the 64-bit number key * 2^32 + count.
struct Pair {
  count: u32,
  key: u32,
}

struct Unique {
  pair_count: atomic<u32>,
  overflow: u32,
  pairs: array<Pair>,
}

@group(0) @binding(0) var<storage, read_write> table: Table;
@group(0) @binding(1) var<storage, read_write> unique_keys: Unique;

var<workgroup> group_pairs: atomic<u32>;
var<workgroup> group_first: u32;

@compute @workgroup_size(64)
fn reduce(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  var slot = Slot(0u, 0u);
  if (id.x < arrayLength(&table.slots)) {
    slot = table.slots[id.x];
  }
  var place = 0u;
  if (slot.stored_key != 0u) {
    place = atomicAdd(&group_pairs, 1u);
  }
  workgroupBarrier();
  if (lane == 0u) {
    group_first = atomicAdd(&unique_keys.pair_count, atomicLoad(&group_pairs));
  }
  workgroupBarrier();
  if (slot.stored_key != 0u) {
    unique_keys.pairs[group_first + place] = Pair(slot.count, slot.stored_key - 1u);
    table.slots[id.x] = Slot(0u, 0u);
  }
  if (id.x == 0u) {
    unique_keys.overflow = table.overflow;
    table.overflow = 0u;
  }
}
