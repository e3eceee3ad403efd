import type { Running } from './exhaustion-series.ts';

/** As the function of that name of a well-known query language: least squares over the newest `span`. */
export const predictLinear =
  (span: number) =>
  ({ known, now, limit, horizon }: Pick<Running, 'known' | 'now' | 'limit' | 'horizon'>): number | null => {
    const points = known.filter((p) => p.at >= now - span);
    const mean = points.reduce((sum, p) => sum + p.value, 0) / points.length;
    const middle = points.reduce((sum, p) => sum + p.at - now, 0) / points.length;
    const slope =
      points.reduce((sum, p) => sum + (p.at - now - middle) * (p.value - mean), 0) /
      points.reduce((sum, p) => sum + (p.at - now - middle) ** 2, 0);
    const level = mean - slope * middle;
    if (level >= limit) return now;
    const at = now + (limit - level) / slope;
    return slope > 0 && at <= now + horizon ? at : null;
  };
