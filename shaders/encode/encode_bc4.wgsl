// BC4 blocks: the red channel.

fn encode_block() -> vec4u {
  return vec4u(encode_channel(0u), 0u, 0u);
}
