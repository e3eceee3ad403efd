import { rowOf, type Row } from './series-row.ts';

/**
 * Samples in the text formats of Prometheus and OpenMetrics, `name{label="value"} 1.5 1700000000`, as exporters with times, backfilling and
 * `promtool tsdb dump` write them. Times are seconds there and milliseconds here; which is known by how large they are.
 */

const SAMPLE = /^([a-zA-Z_:][\w:]*(?:\{.*\})?|\{.*\})\s+([+-]?[\w.+-]+)\s+([+-]?\d+(?:\.\d+)?(?:e\+?\d+)?)(?:\s+#.*)?$/;
const COMMENT = /^#(?: (?:HELP|TYPE|UNIT) |\s*EOF)/;

/** Whether these first lines of a file are of that format. */
export const isSampleText = (lines: readonly string[]): boolean => {
  const samples = lines.filter((line) => !COMMENT.test(line));
  return lines.length > 0 && samples.every((line) => SAMPLE.test(line)) && (samples.length > 0 || COMMENT.test(lines[0] ?? ''));
};

/** Which series a line is of, and its row; undefined for comments and empty lines. */
export function sampleOf(line: string): { readonly series: string | undefined; readonly row: Row } | undefined {
  if (line.trim() === '' || line.startsWith('#')) return undefined;
  const [, series, value = '', time = ''] = SAMPLE.exec(line.trimEnd()) ?? [];
  if (series === undefined) return { series, row: { ok: false, problem: 'is not a series, its value and a time' } };
  return { series, row: rowOf(`${time},${value}`) };
}
