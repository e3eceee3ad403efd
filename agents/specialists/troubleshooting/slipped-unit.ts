import { parseQuantity } from '../../core/quantity.ts';
import type { Placed } from './containers.ts';

/** Less than any program can live in. Bytes. */
const LEAST = 2 ** 20;

/** An amount of memory that was written in the wrong unit: `128m` is an eighth of a byte, `128` are bytes. */
export interface SlippedUnit {
  /** `requests` or `limits`. */
  readonly side: 'requests' | 'limits';
  readonly written: string;
  readonly meant: string;
}

/** What of a container's memory was written in the wrong unit; only where its limit was, for a request alone keeps nobody from running. */
export function slippedUnits({ spec: { resources } }: Placed): readonly SlippedUnit[] {
  const slipped = (['limits', 'requests'] as const).flatMap((side): SlippedUnit[] => {
    const written = resources[side]['memory'];
    const bytes = parseQuantity(written);
    const [, digits] = /^(\d+)m?$/.exec(written ?? '') ?? [];
    return written === undefined || bytes === undefined || bytes <= 0 || bytes >= LEAST || digits === undefined
      ? []
      : [{ side, written, meant: `${digits}Mi` }];
  });
  return slipped.some((s) => s.side === 'limits') ? slipped : [];
}
