/**
 * 16-bit texels for devices that cannot sample them.
 *
 * @module
 */

/** 16-bit unsigned texels, little-endian, as 32-bit floats from 0 to 1, little-endian. */
export function unorm16ToFloat32(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new DataView(new ArrayBuffer(bytes.byteLength * 2));
  for (let at = 0; at < bytes.byteLength; at += 2) {
    out.setFloat32(2 * at, view.getUint16(at, true) / 65535, true);
  }
  return new Uint8Array(out.buffer);
}
