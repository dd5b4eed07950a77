// What a weighted sum of taps stands for, where every tap has a value: itself.

fn vt_mixed(sum: vt_Sum) -> vt_Texels {
  return sum;
}
