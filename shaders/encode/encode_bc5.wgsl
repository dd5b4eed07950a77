// BC5 blocks: the red and green channels, each as BC4.

fn encode_block() -> vec4u {
  return vec4u(encode_channel(0u), encode_channel(1u));
}
