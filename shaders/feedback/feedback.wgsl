// Counts keys of sampled tiles in a fixed-size hash table. Open addressing, double hashing; a key
// that finds no place in 8 probes is counted as overflow. The module that includes this declares
// `var<storage, read_write> vt_feedback: VtFeedback` at a binding of its own.

struct VtFeedback {
  // The overflow, an unused word, and then the slots, a power of two: each a key plus 1, 0 where it
  // is empty, and a count. Flat, so that a sample is one addition wherever it is counted.
  words: array<atomic<u32>>,
}

const VT_FEEDBACK_PROBES: u32 = 8u;

// Counts one sample of a tile. Keys are below 2^32 - 1.
//
// Few atomic operations, since drivers that shade on the CPU run each for every pixel, also for
// those that do not report: one exchange a probe, which the loop hardly ever repeats, and one
// addition.
fn vt_feedback_add(key: u32) {
  let stored = key + 1u;
  // Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): keys come in rows and columns
  // of a grid. The high bits are mixed best.
  let hash = stored * 0x9e3779b1u;
  let mask = (arrayLength(&vt_feedback.words) >> 1u) - 2u;
  // An odd stride visits every slot of a power of two.
  let stride = (hash >> 5u) | 1u;
  var slot = (hash >> 16u) ^ hash;
  var counter = 0u;
  var probes = 0u;
  loop {
    let at = 2u + 2u * (slot & mask);
    let exchange = atomicCompareExchangeWeak(&vt_feedback.words[at], 0u, stored);
    if (exchange.exchanged || exchange.old_value == stored) {
      counter = at + 1u;
      break;
    }
    // A weak exchange may fail for no reason, then the same slot is tried again.
    slot += select(stride, 0u, exchange.old_value == 0u);
    probes++;
    if (probes == VT_FEEDBACK_PROBES) {
      break;
    }
  }
  atomicAdd(&vt_feedback.words[counter], 1u);
}
