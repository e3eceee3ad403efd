/** Seeded randomness: mulberry32 and what is drawn from it. */
export interface Random {
  (): number;
  gauss(): number;
  exp(mean: number): number;
  pareto(shape: number): number;
  poisson(mean: number): number;
  int(from: number, to: number): number;
  pick<T>(of: readonly T[]): T;
}
export function random(seed: string): Random {
  let state = 2166136261;
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Object.assign(next, {
    gauss,
    exp: (mean: number) => -mean * Math.log(1 - next()),
    pareto: (shape: number) => (1 - next()) ** (-1 / shape),
    poisson(mean: number) {
      if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gauss()));
      let n = 0;
      for (let p = next(), floor = Math.exp(-mean); p > floor; p *= next()) n++;
      return n;
    },
    int: (from: number, to: number) => from + Math.floor(next() * (to - from + 1)),
    pick: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)] as T,
  });
}
