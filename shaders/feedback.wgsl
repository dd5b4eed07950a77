// Counts keys of sampled tiles in a fixed-size hash table. Open addressing, double hashing; a key
// that finds no place in 8 probes is counted as overflow. The module that includes this declares
// `var<storage, read_write> vt_feedback: VtFeedback` at a binding of its own.

struct VtFeedbackSlot {
  // The key plus 1; 0 is an empty slot.
  stored_key: atomic<u32>,
  count: atomic<u32>,
}

struct VtFeedback {
  overflow: atomic<u32>,
  padding: u32,
  // A power of two.
  slots: array<VtFeedbackSlot>,
}

const VT_FEEDBACK_PROBES: u32 = 8u;

// Mixes all bits of a key, since keys come in rows and columns of a grid (Wellons, hash-prospector,
// the best function of two rounds).
fn vt_feedback_hash(key: u32) -> u32 {
  var mixed = (key ^ (key >> 16u)) * 0x21f0aaadu;
  mixed = (mixed ^ (mixed >> 15u)) * 0x735a2d97u;
  return mixed ^ (mixed >> 15u);
}

// Counts one sample of a tile. Keys are below 2^32 - 1.
fn vt_feedback_add(key: u32) {
  let stored = key + 1u;
  let mask = arrayLength(&vt_feedback.slots) - 1u;
  let hash = vt_feedback_hash(stored);
  // An odd stride visits every slot of a power of two.
  let stride = (hash >> 16u) | 1u;
  var slot = hash & mask;
  var probe = 0u;
  // A weak exchange may fail for no reason, then the same slot is tried again.
  for (var attempt = 0u; attempt < 2u * VT_FEEDBACK_PROBES; attempt++) {
    var seen = atomicLoad(&vt_feedback.slots[slot].stored_key);
    if (seen == 0u) {
      let exchange = atomicCompareExchangeWeak(&vt_feedback.slots[slot].stored_key, 0u, stored);
      seen = select(exchange.old_value, stored, exchange.exchanged);
    }
    if (seen == stored) {
      atomicAdd(&vt_feedback.slots[slot].count, 1u);
      return;
    }
    if (seen != 0u) {
      slot = (slot + stride) & mask;
      probe++;
      if (probe == VT_FEEDBACK_PROBES) {
        break;
      }
    }
  }
  atomicAdd(&vt_feedback.overflow, 1u);
}
