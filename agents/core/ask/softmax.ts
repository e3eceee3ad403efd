/** A text as numbers: `values` of the features `at`, or of all of them in their order where there is no `at`. */
export interface Features {
  readonly at?: Uint32Array;
  readonly values: Float64Array | Float32Array;
}

/** One row of weights a class; the last of each is its bias. */
export interface Softmax {
  readonly classes: readonly string[];
  readonly weights: readonly Float64Array[];
}

export interface Taught {
  readonly features: Features;
  readonly label: string;
}

interface Teaching {
  readonly steps: number;
  readonly rate: number;
  /** How much large weights are disliked: the more, the less is learned by heart. */
  readonly decay: number;
}

/** What a generator gives in the end. */
export function toTheEnd<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Multinomial logistic regression by full gradient descent with momentum, from nothing: the same examples give the same weights, bit by
 * bit. `size`: how many features there are.
 * Step by step, for who has other things to do between them.
 */
export function* teaching(
  examples: readonly Taught[],
  classes: readonly string[],
  size: number,
  { steps, rate, decay }: Teaching,
): Generator<undefined, Softmax> {
  const rows = () => classes.map(() => new Float64Array(size + 1));
  const [weights, pace, slope] = [rows(), rows(), rows()];
  const wanted = examples.map((e) => classes.indexOf(e.label));
  for (let step = 0; step < steps; step++) {
    for (const row of slope) row.fill(0);
    examples.forEach(({ features }, i) => {
      const chances = chancesOf({ classes, weights }, features);
      slope.forEach((row, c) => add(row, features, (chances[c] ?? 0) - (wanted[i] === c ? 1 : 0)));
    });
    weights.forEach((row, c) => {
      const [down, moving] = [slope[c], pace[c]];
      if (down === undefined || moving === undefined) return;
      for (let f = 0; f <= size; f++) {
        const pull = (down[f] ?? 0) / examples.length + (f === size ? 0 : decay * (row[f] ?? 0));
        const move = MOMENTUM * (moving[f] ?? 0) - rate * pull;
        moving[f] = move;
        row[f] = (row[f] ?? 0) + move;
      }
    });
    yield;
  }
  return { classes, weights };
}

const MOMENTUM = 0.9;

/** How likely each class is, in their order; together 1. */
export function chancesOf({ weights }: Softmax, features: Features): number[] {
  return chances(weights.map((row) => score(row, features)));
}

/** Scores as chances: each above 0, together 1. */
export function chances(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((s) => Math.exp(s - most));
  const all = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / all);
}

function score(row: Float64Array, { at, values }: Features): number {
  let sum = row[row.length - 1] ?? 0;
  if (at === undefined) for (let i = 0; i < values.length; i++) sum += (row[i] ?? 0) * (values[i] ?? 0);
  else for (let i = 0; i < at.length; i++) sum += (row[at[i] ?? 0] ?? 0) * (values[i] ?? 0);
  return sum;
}

function add(row: Float64Array, { at, values }: Features, times: number): void {
  const bias = row.length - 1;
  row[bias] = (row[bias] ?? 0) + times;
  for (let i = 0; i < values.length; i++) {
    const f = at === undefined ? i : (at[i] ?? 0);
    row[f] = (row[f] ?? 0) + times * (values[i] ?? 0);
  }
}
