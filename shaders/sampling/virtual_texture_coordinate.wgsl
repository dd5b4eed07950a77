// The two ways to say where a texture is sampled, on the picture: from its upper left corner, to the right
// and down. Where stored columns or rows run the other way, coordinates are turned to what is stored as they
// are made; everything after that is about what is stored.
//
// uv: (0, 0) at the first texel's outer corner and (1, 1) at the last one's. 32-bit numbers near 1
// are 2^-24 apart, which is a sixteenth of a texel where 2^20 texels lie side by side, and
// interpolation adds to that.
//
// A texel of level 0 and an offset from its outer corner, in texels of level 0 and of any length: as
// exact as the offset is small. With an anchor texel near the camera for all vertices, offsets have
// the precision of camera-relative positions.
//
// What lies outside the texture is clamped to its edge, or along axes that repeat brought into it by whole
// periods. That is exact for a texel less than 2^21 texels away, and for uv and offsets as exact as they are.

// Where in what is stored.
struct vt_Coordinate {
  // Unused in a coordinate that is uv.
  texel: vec2<i32>,
  // The offset from the texel, or uv.
  at: vec2<f32>,
  // Always a literal, so that compilers drop what the other kind needs.
  is_exact: bool,
}

fn vt_from_uv(uv: vec2<f32>) -> vt_Coordinate {
  return vt_Coordinate(vec2<i32>(0), select(uv, 1.0 - uv, vt_shape().is_flipped), false);
}

fn vt_from_texel(texel: vec2<i32>, offset: vec2<f32>) -> vt_Coordinate {
  let shape = vt_shape();
  // The same place from the other side, as exact: no offset changes but in its sign.
  return vt_Coordinate(
    select(texel, shape.size - texel, shape.is_flipped),
    select(offset, -offset, shape.is_flipped),
    true,
  );
}

// A coordinate moved by a step of uv on the picture.
fn vt_moved(coordinate: vt_Coordinate, step: vec2<f32>, shape: vt_Shape) -> vt_Coordinate {
  var moved = coordinate;
  let stored_step = select(step, -step, shape.is_flipped);
  if (coordinate.is_exact) {
    moved.at += stored_step * vec2<f32>(shape.size);
  } else {
    moved.at += stored_step;
  }
  return moved;
}

// uv within the texture along axes that repeat, 0 to 1; of 32-bit numbers just below 0 it is 1.
fn vt_wrapped_uv(uv: vec2<f32>, shape: vt_Shape) -> vec2<f32> {
  return uv - floor(select(vec2<f32>(0.0), uv, shape.repeats));
}

// Where a coordinate lies in level 0, in the texture.
struct vt_Texel {
  // The size itself at the far edges where the coordinate is uv.
  texel: vec2<i32>,
  // Way from the texel's outer corner, 0 to 1; 0 where the coordinate is uv.
  fraction: vec2<f32>,
}

// Farther from its texel than any texture reaches, in texels.
const vt_far: f32 = 4194304.0;

fn vt_texel_at(coordinate: vt_Coordinate, shape: vt_Shape) -> vt_Texel {
  if (!coordinate.is_exact) {
    let uv = saturate(vt_wrapped_uv(coordinate.at, shape));
    return vt_Texel(vec2<i32>(uv * vec2<f32>(shape.size)), vec2<f32>(0.0));
  }
  let size = vec2<f32>(shape.size);
  let per_texel = 1.0 / size;
  // Along axes that repeat, whole periods are taken off: to the nearest, so that short offsets stay exact.
  let periods = select(vec2<f32>(0.0), coordinate.at * per_texel, shape.repeats);
  let within = coordinate.at - round(periods) * size;
  let offset = clamp(within, vec2<f32>(-vt_far), vec2<f32>(vt_far));
  let whole = floor(offset);
  let beyond = coordinate.texel + vec2<i32>(whole);
  // From the middle of the texel, so that rounding does not decide.
  let turns = select(vec2<f32>(0.0), (vec2<f32>(beyond) + 0.5) * per_texel, shape.repeats);
  let unclamped = beyond - vec2<i32>(floor(turns)) * shape.size;
  let texel = clamp(unclamped, vec2<i32>(0), shape.size - 1);
  return vt_Texel(texel, saturate(vec2<f32>(unclamped - texel) + (offset - whole)));
}

// Vertex shaders: offset of a position from an anchor, where the position is a texel and an offset of
// its own. Exact for positions up to 2^24 texels away that lie on texels' corners.
fn vt_offset_from(anchor: vec2<i32>, texel: vec2<i32>, offset: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(texel - anchor) + offset;
}
