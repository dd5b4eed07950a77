/**
 * The warning that memory is short, once per episode and pool.
 *
 * @module
 */

import { type GpuPool, poolSlotBytes } from "../memory/gpu_pool.ts";
import type { PoolLimits } from "../memory/pool_limits.ts";
import { isBelow, sizeRemedy, sizeText } from "../memory/pool_size_warning.ts";
import type { SystemSettings } from "../options.ts";

/** What the warning depends on. */
export interface PressureWarningParts {
  readonly settings: SystemSettings;
  /** Sizes that pools were given. */
  readonly poolLimits: PoolLimits;
}

/** Warns of each pool in which an episode of pressure has begun since the last call. */
export function warnOfPressure(
  pools: Iterable<GpuPool>,
  { settings, poolLimits }: PressureWarningParts,
): void {
  for (const pool of pools) {
    if (!pool.notePressure()) continue;
    const { pressure, viewCapacity } = pool.residency;
    settings.logger.warn(
      `${settings.label}: memory pressure in the pool of ${pool.key}: what is seen needs ` +
        `${pressure.demand} tiles and ${viewCapacity} fit, so it is loaded ` +
        `${pressure.bias} levels coarser${roomFor(pool, poolLimits)} lower lod_scale, or use a ` +
        `compressed format`,
    );
  }
}

/** What would give a pool the slots that it lacks: a larger size or scale if it has one, else a larger budget. */
function roomFor(pool: GpuPool, poolLimits: PoolLimits): string {
  const { pressure, viewCapacity } = pool.residency;
  const limit = poolLimits.limitOf(pool.kind);
  const needed = (pool.slotCount - viewCapacity + pressure.demand) * poolSlotBytes(pool.kind);
  const { sizeBytes, sizeScale, scalabilityGroup } = limit;
  if (sizeBytes === null && sizeScale < 1) {
    return `, as the scale of scalability group ${scalabilityGroup}, ${sizeScale}, makes its share of the ` +
      `memory smaller. Give the group a larger scale (r.VT.PoolSizeScale),`;
  }
  if (!isBelow(limit, needed)) return ". Raise max_memory_mb,";
  return `, as ${sizeText(limit)}. ${sizeRemedy(limit, { kind: pool.kind, needed })}; or`;
}
