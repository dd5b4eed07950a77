/**
 * Colour maps: a colour for each number from 0 to 1. Pure.
 *
 * Each is a line through stops, between which sRGB-encoded channels are mixed.
 *
 * Sources: viridis, magma, inferno and plasma are by Stéfan van der Walt, Nathaniel Smith and Eric Firing
 * (CC0); cividis is by Jamie Nuñez, Christopher Anderton and Ryan Renslow (PLoS ONE 13(7), 2018; its table is
 * in the public domain); turbo is by Anton Mikhailov (Google, Apache 2.0); terrain has the stops of
 * matplotlib's map of that name. Lines through 33 stops stand for tables of 256 colours: they differ by
 * less than 1.6 of 255, of cividis by less than 3.2.
 *
 * @module
 */

/** Name of a colour map. */
export type ColorMap =
  | "grey"
  | "viridis"
  | "magma"
  | "inferno"
  | "plasma"
  | "cividis"
  | "turbo"
  | "terrain";

/** Where a map has a given colour. */
export interface ColorStop {
  /** Where it stands, from 0 to 1. */
  readonly at: number;
  /** sRGB-encoded red, green and blue, from 0 to 1. */
  readonly color: readonly [number, number, number];
}

/** Every {@linkcode ColorMap}. */
export const COLOR_MAPS: readonly ColorMap[] = Object.freeze([
  "grey",
  "viridis",
  "magma",
  "inferno",
  "plasma",
  "cividis",
  "turbo",
  "terrain",
]);

const STOPS: Readonly<Record<ColorMap, readonly ColorStop[]>> = {
  grey: evenly("000000 ffffff"),
  viridis: evenly(
    "440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d " +
      "2f6a8e 2c728e 297a8e 26818e 23898e 21908c 1f988b 1e9f88 21a685 27ae80 31b57b " +
      "3dbc74 4cc26c 5cc963 6ece58 81d44d 96d83f abdc32 c0df24 d5e219 eae519 fde724",
  ),
  magma: evenly(
    "000003 030311 0a0822 130d33 1d1146 28125a 36106b 430f76 50127c 5d177f 691c81 " +
      "762182 822681 8f2a81 9c2e7f a9327d b6377a c33b75 d04170 db476a e65163 ef5c5e " +
      "f5695c f9785c fb8761 fd9668 fea571 feb47b fec387 fed194 fde0a1 fceeb0 fcfdbf",
  ),
  inferno: evenly(
    "000003 030312 0a0724 150b37 200c4a 2f0a5b 3c0965 4a0b6b 57106e 63146e 70196e " +
      "7d1e6d 89226a 962767 a32b61 af315c bb3755 c63d4d d14645 db4f3b e35932 eb6528 " +
      "f1711e f67f14 f98d09 fb9b05 fcab0f fbba1f f9ca32 f6d949 f1e965 f2f586 fcffa5",
  ),
  plasma: evenly(
    "0e0787 220690 310597 3f049c 4c02a1 5901a5 6600a7 7200a9 7e03a8 8908a6 9511a2 " +
      "9f1a9c a92396 b32c8e bb3587 c33e80 cb4778 d25071 d9596a e06263 e56c5c eb7555 " +
      "f07f4f f48a48 f89441 fb9f3a fdab33 feb72d fdc328 fcd025 f9dd24 f5eb28 eff923",
  ),
  cividis: evenly(
    "00234e 00285b 002e6b 033272 1c386f 273e6e 32436d 3b496c 434e6c 4b546c 52596d " +
      "5a5f6e 61656f 686a71 6f7073 757676 7c7b78 848179 8b8778 938d78 9b9376 a39a75 " +
      "aba072 b3a670 bbad6c c3b469 ccba64 d4c15f ddc959 e6d050 efd749 f9de3a ffe835",
  ),
  turbo: evenly(
    "31123c 392a73 4040a2 4456c7 476be4 477ff7 4393ff 37a8fb 29bbec 1ccdd8 17dcc3 " +
      "1de8b0 30f299 4cf97e 6bfe64 8aff4c a3fd3c b8f734 cced34 dee037 edd03a f8c03a " +
      "fdae35 ff982c fb8022 f56817 ec520e e14009 d23105 c12302 ac1701 950c01 7a0403",
  ),
  terrain: [
    { at: 0, color: [0.2, 0.2, 0.6] },
    { at: 0.15, color: [0, 0.6, 1] },
    { at: 0.25, color: [0, 0.8, 0.4] },
    { at: 0.5, color: [1, 1, 0.6] },
    { at: 0.75, color: [0.5, 0.36, 0.33] },
    { at: 1, color: [1, 1, 1] },
  ],
};

/** The stops of a map, from 0 to 1, ascending. */
export function colorStops(map: ColorMap): readonly ColorStop[] {
  return STOPS[map];
}

/** Stops at equal distances. */
function evenly(colors: string): readonly ColorStop[] {
  return colors.split(" ").map((hex, i, { length }) => {
    const rgb = Number.parseInt(hex, 16);
    const color = [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((part) => part / 255);
    return { at: i / (length - 1), color: color as [number, number, number] };
  });
}
