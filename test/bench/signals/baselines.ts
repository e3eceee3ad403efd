import { AnomalyDetector } from '../../../agents/core/signals/anomalies.ts';
import type { Point } from '../../../agents/core/signals/series-row.ts';

/** What is held against each other: each gives a score a point, in order, never looking ahead. */

type Judge = (points: readonly Point[]) => readonly number[];

/** The share of a normal distribution further out than `z`, as a score. */
function tail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const above = density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - Math.max(0, above) ** 0.1;
}

const WINDOW = 6_400;
const RENEW = 150;

/** How far from the mean of a long window, in its deviations; the window moves on in steps. */
const windowedGaussian: Judge = (points) => {
  const scores: number[] = [];
  let mean = 0;
  let deviation = 0;
  points.forEach(({ value }, i) => {
    scores.push(deviation > 0 ? tail(Math.abs(value - mean) / deviation) : 0);
    if (i < 10 || (i + 1) % RENEW === 0 || (i < WINDOW && i % 10 === 0)) {
      const window = points.slice(Math.max(0, i + 1 - WINDOW), i + 1);
      mean = window.reduce((sum, p) => sum + p.value, 0) / window.length;
      deviation = Math.sqrt(window.reduce((sum, p) => sum + (p.value - mean) ** 2, 0) / window.length);
    }
  });
  return scores;
};

/** A line drawn once, after the first part: so many of its deviations away. */
const staticThreshold: Judge = (points) => {
  const first = points.slice(0, Math.floor(Math.min(750, 0.15 * points.length)));
  const mean = first.reduce((sum, p) => sum + p.value, 0) / first.length;
  const deviation = Math.sqrt(first.reduce((sum, p) => sum + (p.value - mean) ** 2, 0) / first.length) || 1;
  return points.map(({ value }) => 1 - 1 / (1 + Math.abs(value - mean) / deviation));
};

const ours: Judge = (points) => {
  const detector = new AnomalyDetector();
  return points.map(({ at, value }) => detector.next(at, value).score);
};

export const JUDGES: readonly (readonly [name: string, judge: Judge])[] = [
  ['ours', ours],
  ['windowed Gaussian', windowedGaussian],
  ['static threshold', staticThreshold],
];
