/**
 * How the texels of a KTX2 file are meant.
 *
 * @module
 */

import { type Appearance, type Orientation, ORIENTATIONS } from "../../texels/mod.ts";
import type { Ktx2File } from "./ktx2_file.ts";

/**
 * What a KTX2 file says of its texels that tiles and rows of them, which come as they are stored, do not
 * follow: what samples them does.
 */
export function fileAppearance(file: Pick<Ktx2File, "orientation">): Appearance {
  const orientation = orientationOf(file.orientation);
  return { ...(orientation === "rd" ? {} : { orientation }) };
}

/** The directions of columns and rows; those of slices are of no account, as each is a picture. */
function orientationOf(text: string): Orientation {
  const [columns = "r", rows = "d"] = text;
  return ORIENTATIONS.find((orientation) => orientation === columns + rows) ?? "rd";
}
