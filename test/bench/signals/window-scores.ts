/**
 * The scoring rules of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015), written anew: the first detection in a window counts, the more
 * the earlier; a detection outside of windows costs, the less the nearer it follows one; a window without detection costs. One threshold for
 * all series, the best for the detector; 0 is what saying nothing earns, 100 what a perfect detector earns.
 */

export interface Profile {
  readonly name: string;
  readonly hit: number;
  readonly falseAlarm: number;
  readonly miss: number;
}

export const PROFILES: readonly Profile[] = [
  { name: 'standard', hit: 1, falseAlarm: 0.11, miss: 1 },
  { name: 'low false positives', hit: 1, falseAlarm: 0.22, miss: 1 },
];

export interface Scored {
  readonly scores: readonly number[];
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** Of the beginning nothing is judged: 15 %, of at most 5,000 points. */
export const probation = (length: number): number => Math.floor(Math.min(0.15 * length, 750));

const sigmoid = (place: number): number => (place > 3 ? -1 : 2 / (1 + Math.exp(5 * place)) - 1);
const EARLIEST = sigmoid(-1);

/** What a threshold changes when it is lowered to `score`: this much more, or the window's best instead of what it had. */
interface Step {
  readonly score: number;
  readonly falseAlarm?: number;
  readonly window?: readonly [id: number, place: number];
}

function stepsOf(all: readonly Scored[]): { readonly steps: readonly Step[]; readonly windows: number } {
  const steps: Step[] = [];
  let id = 0;
  for (const { scores, windows } of all) {
    const base = id;
    id += windows.length;
    let next = 0;
    for (let i = probation(scores.length); i < scores.length; i++) {
      const score = scores[i]!;
      if (!(score > 0)) continue;
      while (next < windows.length && windows[next]![1] < i) next++;
      const window = windows[next];
      if (window !== undefined && i >= window[0]) {
        const width = window[1] - window[0] + 1;
        steps.push({ score, window: [base + next, sigmoid(-(window[1] - i + 1) / width) / EARLIEST] });
        continue;
      }
      const before = windows[next - 1];
      const away = before === undefined ? Number.POSITIVE_INFINITY : (i - before[1]) / Math.max(1, before[1] - before[0]);
      steps.push({ score, falseAlarm: sigmoid(away) });
    }
  }
  return { steps: steps.sort((a, b) => b.score - a.score), windows: id };
}

export interface Result {
  readonly score: number;
  readonly threshold: number;
  readonly found: number;
  readonly windows: number;
  readonly falseAlarms: number;
}

/** The score at the threshold that is best for this detector. */
export function scoreOf(all: readonly Scored[], profile: Profile): Result {
  const { steps, windows } = stepsOf(all);
  const hits = new Map<number, number>();
  const nothing = -windows * profile.miss;
  const perfect = windows * profile.hit;
  let raw = nothing;
  let falseAlarms = 0;
  let best = { raw, threshold: 1, found: 0, falseAlarms: 0 };
  steps.forEach((step, i) => {
    if (step.window === undefined) {
      raw += (step.falseAlarm ?? -1) * profile.falseAlarm;
      falseAlarms += 1;
    } else {
      const [id, place] = step.window;
      const had = hits.get(id);
      if (had === undefined) raw += profile.miss;
      if (had === undefined || place > had) {
        raw += (place - (had ?? 0)) * profile.hit;
        hits.set(id, place);
      }
    }
    if (steps[i + 1]?.score !== step.score && raw > best.raw) best = { raw, threshold: step.score, found: hits.size, falseAlarms };
  });
  return {
    score: (100 * (best.raw - nothing)) / (perfect - nothing),
    threshold: best.threshold,
    found: best.found,
    windows,
    falseAlarms: best.falseAlarms,
  };
}
