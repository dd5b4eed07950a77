/**
 * Constants of the BC6H format (Khronos Data Format Specification 1.3, section 20.2; Direct3D 11.3
 * Functional Specification, section 19.5.14).
 *
 * @module
 */

/** One of the 14 modes. */
export interface Bc6hMode {
  /** Bits of the mode's number: 2 or 5. */
  readonly modeBits: 2 | 5;
  /** Whether the block has two pairs of endpoints, by a partition. */
  readonly isSplit: boolean;
  /** Bits of each channel of the first endpoint. */
  readonly baseBits: number;
  /** Bits of red, green and blue of the other endpoints. */
  readonly deltaBits: readonly [number, number, number];
  /** Whether the other endpoints are differences to the first. */
  readonly areDeltas: boolean;
  /** Where each bit after the mode goes, in order: `4 · endpoint + channel`, and the bit there. */
  readonly fields: readonly (readonly [place: number, bit: number])[];
}

/**
 * A layout as the specification writes it: a channel, an endpoint (`w` to `z`) and bits, from the
 * lowest stored one up: `rw9:0` is bits 0 to 9, `rw10:15` bits 15 down to 10.
 */
function fieldsOf(layout: string): (readonly [number, number])[] {
  return layout.split(" ").flatMap((field) => {
    const [, channel, endpoint, high, low] = /^([rgb])([wxyz])(\d+)(?::(\d+))?$/.exec(field)!;
    const place = 4 * "wxyz".indexOf(endpoint!) + "rgb".indexOf(channel!);
    const [first, last] = [Number(low ?? high), Number(high)];
    const step = first <= last ? 1 : -1;
    return Array.from(
      { length: Math.abs(last - first) + 1 },
      (_, k) => [place, first + step * k] as const,
    );
  });
}

function mode(
  baseBits: number,
  deltaBits: readonly [number, number, number],
  layout: string,
): Bc6hMode {
  const fields = fieldsOf(layout);
  const isSplit = layout.includes("y");
  // Two pairs leave 5 bits for the partition and 46 for indices, one pair leaves 63.
  const modeBits = 128 - fields.length - (isSplit ? 51 : 63) as 2 | 5;
  return Object.freeze({
    ...{ modeBits, isSplit, baseBits, deltaBits, fields, areDeltas: deltaBits[0] < baseBits },
  });
}

/** The modes by the number in their lowest 2 bits (0 and 1) or 5 bits; other numbers have none. */
export const BC6H_MODES: ReadonlyMap<number, Bc6hMode> = new Map([
  [
    0b00,
    mode(
      10,
      [5, 5, 5],
      "gy4 by4 bz4 rw9:0 gw9:0 bw9:0 rx4:0 gz4 gy3:0 gx4:0 bz0 gz3:0 bx4:0 bz1 by3:0 ry4:0 bz2 rz4:0 bz3",
    ),
  ],
  [
    0b01,
    mode(
      7,
      [6, 6, 6],
      "gy5 gz4 gz5 rw6:0 bz0 bz1 by4 gw6:0 by5 bz2 gy4 bw6:0 bz3 bz5 bz4 rx5:0 gy3:0 gx5:0 gz3:0 bx5:0 by3:0 ry5:0 rz5:0",
    ),
  ],
  [
    0b00010,
    mode(
      11,
      [5, 4, 4],
      "rw9:0 gw9:0 bw9:0 rx4:0 rw10 gy3:0 gx3:0 gw10 bz0 gz3:0 bx3:0 bw10 bz1 by3:0 ry4:0 bz2 rz4:0 bz3",
    ),
  ],
  [
    0b00110,
    mode(
      11,
      [4, 5, 4],
      "rw9:0 gw9:0 bw9:0 rx3:0 rw10 gz4 gy3:0 gx4:0 gw10 gz3:0 bx3:0 bw10 bz1 by3:0 ry3:0 bz0 bz2 rz3:0 gy4 bz3",
    ),
  ],
  [
    0b01010,
    mode(
      11,
      [4, 4, 5],
      "rw9:0 gw9:0 bw9:0 rx3:0 rw10 by4 gy3:0 gx3:0 gw10 bz0 gz3:0 bx4:0 bw10 by3:0 ry3:0 bz1 bz2 rz3:0 bz4 bz3",
    ),
  ],
  [
    0b01110,
    mode(
      9,
      [5, 5, 5],
      "rw8:0 by4 gw8:0 gy4 bw8:0 bz4 rx4:0 gz4 gy3:0 gx4:0 bz0 gz3:0 bx4:0 bz1 by3:0 ry4:0 bz2 rz4:0 bz3",
    ),
  ],
  [
    0b10010,
    mode(
      8,
      [6, 5, 5],
      "rw7:0 gz4 by4 gw7:0 bz2 gy4 bw7:0 bz3 bz4 rx5:0 gy3:0 gx4:0 bz0 gz3:0 bx4:0 bz1 by3:0 ry5:0 rz5:0",
    ),
  ],
  [
    0b10110,
    mode(
      8,
      [5, 6, 5],
      "rw7:0 bz0 by4 gw7:0 gy5 gy4 bw7:0 gz5 bz4 rx4:0 gz4 gy3:0 gx5:0 gz3:0 bx4:0 bz1 by3:0 ry4:0 bz2 rz4:0 bz3",
    ),
  ],
  [
    0b11010,
    mode(
      8,
      [5, 5, 6],
      "rw7:0 bz1 by4 gw7:0 by5 gy4 bw7:0 bz5 bz4 rx4:0 gz4 gy3:0 gx4:0 bz0 gz3:0 bx5:0 by3:0 ry4:0 bz2 rz4:0 bz3",
    ),
  ],
  [
    0b11110,
    mode(
      6,
      [6, 6, 6],
      "rw5:0 gz4 bz0 bz1 by4 gw5:0 gy5 by5 bz2 gy4 bw5:0 gz5 bz3 bz5 bz4 rx5:0 gy3:0 gx5:0 gz3:0 bx5:0 by3:0 ry5:0 rz5:0",
    ),
  ],
  [0b00011, mode(10, [10, 10, 10], "rw9:0 gw9:0 bw9:0 rx9:0 gx9:0 bx9:0")],
  [0b00111, mode(11, [9, 9, 9], "rw9:0 gw9:0 bw9:0 rx8:0 rw10 gx8:0 gw10 bx8:0 bw10")],
  [0b01011, mode(12, [8, 8, 8], "rw9:0 gw9:0 bw9:0 rx7:0 rw10:11 gx7:0 gw10:11 bx7:0 bw10:11")],
  [0b01111, mode(16, [4, 4, 4], "rw9:0 gw9:0 bw9:0 rx3:0 rw10:15 gx3:0 gw10:15 bx3:0 bw10:15")],
]);
