// Samples of runtime virtual textures that a surface takes, in their order. A shader that includes this declares
// `fn layer_turn() -> u32`: the number of the sample whose place is noted; all before it have values.

var<private> layer_next_site: u32;
// u and v, and the number of the texture; 0 for none.
var<private> layer_place: vec4f;
// What a pixel to the right and one below add to u and v.
var<private> layer_steps: vec4f;
