import { random, type Random } from './random.ts';

/** A labelled series: seconds and values (NaN where the exporter said so), and the windows in which something is truly wrong. */
export interface LabelledSeries {
  readonly name: string;
  readonly step: number;
  readonly points: readonly (readonly [number, number])[];
  readonly windows: readonly { readonly from: number; readonly to: number; readonly kind: string }[];
}

type Signal = (t: number) => number;
type Make = (r: Random, step: number) => Signal;
/** What goes wrong: value, share of the window passed, and the undisturbed signal. */
type Fault = (v: number, x: number, r: Random, signal: Signal, t: number) => number;
type Wrong = readonly [kind: string, day: number, hours: number, fault: () => Fault];
interface Spec {
  readonly name: string;
  readonly step: number;
  readonly days: number;
  readonly make: Make;
  readonly wrong?: readonly Wrong[];
  /** decimals kept, or a grid */
  readonly grid?: number;
  readonly gaps?: number;
  readonly nan?: number;
  readonly negative?: number;
}

const MONDAY = Date.UTC(2026, 2, 2) / 1000;
const DAY = 86400;
const HOUR = 3600;
/** Central Europe: an hour ahead, two from 29 March on. */
const local = (t: number): number => t + HOUR + (t >= Date.UTC(2026, 2, 29, 1) / 1000 ? HOUR : 0);
const hour = (t: number): number => (local(t) % DAY) / HOUR;
const weekday = (t: number): number => Math.floor((local(t) - MONDAY) / DAY) % 7;
const bump = (t: number, peak: number, sharp: number): number => ((1 + Math.cos(((hour(t) - peak) / 12) * Math.PI)) / 2) ** sharp;
const weekend = (t: number, factor: number): number => (weekday(t) >= 5 ? factor : 1);
const ar = (r: Random, sd: number, phi: number): (() => number) => {
  let x = 0;
  return () => (x = phi * x + Math.sqrt(1 - phi * phi) * sd * r.gauss());
};

// ---- what healthy signals look like
const daily =
  (low: number, high: number, noise: number, { peak = 14, sharp = 1.5, free = 1, phi = 0.7 } = {}): Make =>
  (r) => {
    const wander = ar(r, noise, phi);
    return (t) => (low + (high - low) * bump(t, peak, sharp) * weekend(t, free)) * (1 + wander());
  };
const twoPeaks =
  (low: number, high: number, noise: number, free = 0.6): Make =>
  (r) => {
    const wander = ar(r, noise, 0.8);
    return (t) => (low + (high - low) * (0.8 * bump(t, 10, 6) + bump(t, 19.5, 5)) * weekend(t, free)) * (1 + wander());
  };
const cron =
  (base: number, every: number, width: number, height: number, noise: number, jitter = 0): Make =>
  (r) => {
    let at = -1;
    let late = 0;
    let long = width;
    let tall = height;
    return (t) => {
      const n = Math.floor(t / every);
      if (n !== at) {
        at = n;
        late = r() * jitter;
        long = width * (0.7 + 0.6 * r());
        tall = height * (0.8 + 0.4 * r());
      }
      const into = t - n * every - late;
      return base + noise * r.gauss() + (into >= 0 && into < long ? tall : 0);
    };
  };
const nightly =
  (base: number, at: number, minutes: number, height: number, noise: number): Make =>
  (r) => {
    let day = -1;
    let end = 0;
    return (t) => {
      const today = Math.floor(local(t) / DAY);
      if (today !== day) {
        day = today;
        end = at + (minutes * (0.6 + 0.8 * r())) / 60;
      }
      const h = hour(t);
      return base * (1 + noise * r.gauss()) + (h >= at && h < end ? height * (0.85 + 0.3 * r()) : 0);
    };
  };
const replicas =
  (low: number, high: number, calm = 5): Make =>
  (r, step) => {
    let n = low;
    let held = 0;
    const load = daily(low, high, 0.06, { free: 0.7 })(r, step);
    return (t) => {
      const want = Math.ceil(load(t));
      held += step;
      if (want > n || (want < n && held > calm * 60)) {
        n = want;
        held = 0;
      }
      return n;
    };
  };
/** Heap: garbage per second until a collection, a floor that wanders, and a major collection from time to time. */
const heap =
  (floor: number, young: number, rate: number, promote: number, old: number): Make =>
  (r, step) => {
    let fresh = r() * young;
    let kept = r() * old;
    return (t) => {
      fresh += rate * step * (0.6 + 0.8 * r()) * (0.5 + bump(t, 14, 1));
      if (fresh > young) {
        kept += promote * young * (0.5 + r());
        fresh = young * 0.05 * r();
      }
      if (kept > old) kept = old * 0.1 * r();
      return floor + kept + fresh;
    };
  };
const warming =
  (top: number, tau: number, noise: number): Make =>
  (r) =>
  (t) =>
    top * (1 - Math.exp(-(t - MONDAY) / tau)) * (1 + noise * r.gauss());
const campaign =
  (inner: Make, day: number, hours: number, gain: number): Make =>
  (r, step) => {
    const base = inner(r, step);
    return (t) => {
      const x = (t - MONDAY) / HOUR - day * 24;
      const lift = x < 0 ? 0 : x < 1 ? x : x < hours ? 1 : Math.exp(-(x - hours) / 2);
      return base(t) * (1 + gain * lift);
    };
  };
const latency =
  (median: number, sigma: number, tail: number): Make =>
  (r, step) => {
    const wander = ar(r, sigma, 0.5);
    return (t) => median * (1 + 0.3 * bump(t, 15, 2)) * Math.exp(wander()) * (r() < tail * (step / 60) ? 1 + r.pareto(2) : 1);
  };
const ratio =
  (requests: number, p: number): Make =>
  (r) =>
  (t) => {
    const n = Math.max(1, r.poisson(requests * (0.3 + bump(t, 14, 1))));
    return r.poisson(n * p) / n;
  };
const queue =
  (arrivals: number, spare: number, burst: number): Make =>
  (r, step) => {
    let depth = 0;
    return () => {
      const come = r.poisson(arrivals * step) + (r() < (burst * step) / 3600 ? r.poisson(arrivals * 600 * r()) : 0);
      depth = Math.max(0, depth + come - r.poisson(arrivals * spare * step));
      return depth;
    };
  };
const seldom =
  (perDay: number, size: number): Make =>
  (r, step) =>
  () =>
    r() < (perDay * step) / DAY ? r.int(1, size) : 0;
const rotating =
  (floor: number, top: number, days: number, wave: number): Make =>
  (r, step) => {
    let used = floor + (top - floor) * r();
    return (t) => {
      used += ((top - floor) / (days * DAY)) * step * (1 - wave + 2 * wave * bump(t, 14, 1)) * (0.5 + r());
      if (used > top) used = floor * (1 + 0.02 * r.gauss());
      return used;
    };
  };
const bursts =
  (base: number, perHour: number, seconds: number, size: number): Make =>
  (r, step) => {
    let left = 0;
    let height = 0;
    return () => {
      if (left <= 0 && r() < (perHour * step) / 3600) {
        left = r.exp(seconds);
        height = size * Math.min(6, r.pareto(1.6));
      }
      left -= step;
      return base * (1 + 0.1 * r.gauss()) + (left > 0 ? height * (0.8 + 0.4 * r()) : 0);
    };
  };
const rate =
  (perSecond: number): Make =>
  (r, step) =>
  () =>
    r.poisson(perSecond * step) / step;
const constant =
  (value: number): Make =>
  () =>
  () =>
    value;
const noisy =
  (level: number, sd: number, phi = 0): Make =>
  (r) => {
    const wander = ar(r, sd, phi);
    return () => level + wander();
  };
const shifted =
  (inner: Make, day: number, factor: number): Make =>
  (r, step) => {
    const base = inner(r, step);
    return (t) => base(t) * (t > MONDAY + day * DAY ? factor : 1);
  };
const holiday =
  (inner: Make, day: number): Make =>
  (r, step) => {
    const base = inner(r, step);
    return (t) => base(t > MONDAY + day * DAY - HOUR && t < MONDAY + (day + 1) * DAY - HOUR ? t + (6 - (day % 7)) * DAY : t);
  };
const saw =
  (low: number, high: number, period: number, noise: number): Make =>
  (r) =>
  (t) =>
    low + (high - low) * ((t % period) / period) + noise * r.gauss();
const workdays =
  (base: number, jobs: number): Make =>
  (r) =>
  (t) => {
    const busy = weekday(t) < 5 && hour(t) > 7 && hour(t) < 19 ? bump(t, 13, 1) : 0.02;
    return base + r.poisson(jobs * busy) * (0.8 + 0.4 * r());
  };
const countdown =
  (from: number, renew: number): Make =>
  () =>
  (t) => {
    const left = from - (t - MONDAY) / DAY;
    return left > renew ? left : left + 60;
  };
const onOff =
  (low: number, high: number, onHours: number, offHours: number, noise: number): Make =>
  (r, step) => {
    let on = false;
    let left = 0;
    return () => {
      left -= step;
      if (left <= 0) {
        on = !on;
        left = r.exp((on ? onHours : offHours) * HOUR) + 600;
      }
      return (on ? high : low) + noise * r.gauss();
    };
  };

// ---- what goes wrong with them
const times = (k: number) => (): Fault => (v) => v * k;
const plus = (a: number) => (): Fault => (v) => v + a;
const drift = (a: number) => (): Fault => (v, x) => v + a * x;
const drifts = (k: number) => (): Fault => (v, x) => v * (1 + (k - 1) * x);
const shaky = (sd: number) => (): Fault => (v, _x, r) => v + sd * r.gauss();
const zero = (): Fault => () => 0;
const stuck = (): Fault => {
  let held: number | undefined;
  return (v) => (held ??= v);
};
const level = (c: number, sd: number) => (): Fault => (_v, _x, r) => c + sd * r.gauss();
/** the value of another hour: usual in itself, not now */
const asOf = (hours: number) => (): Fault => (_v, _x, _r, signal, t) => signal(t + hours * HOUR);
const flapping = (a: number, b: number, seconds: number) => (): Fault => (_v, _x, _r, _s, t) => (Math.floor(t / seconds) % 2 ? a : b);
const some = (p: number, a: number) => (): Fault => (v, _x, r) => v + (r() < p ? a * (0.5 + r()) : 0);

const web = daily(0.2, 0.9, 0.06, { free: 0.6 });
const shop = daily(300, 2400, 0.04, { free: 0.8, peak: 18 });

const SPECS: readonly Spec[] = [
  // healthy, with everything alarming that healthy series do
  { name: 'h-cpu-weekly', step: 60, days: 14, make: web },
  { name: 'h-cpu-cron', step: 15, days: 1, make: cron(0.12, 3600, 150, 0.7, 0.02, 40) },
  { name: 'h-cron-5m', step: 30, days: 2, make: cron(0.3, 300, 60, 0.5, 0.03, 20) },
  { name: 'h-backup-io', step: 300, days: 21, make: nightly(12, 2, 60, 180, 0.2) },
  { name: 'h-hpa-replicas', step: 60, days: 7, make: replicas(3, 14) },
  { name: 'h-jvm-heap', step: 30, days: 2, make: heap(400, 600, 1.6, 0.05, 700), grid: 0.01 },
  { name: 'h-go-heap', step: 15, days: 0.5, make: heap(60, 70, 0.9, 0, 10), grid: 0.001 },
  { name: 'h-node-heap', step: 60, days: 3, make: heap(180, 60, 0.4, 0.2, 140) },
  { name: 'h-cache-warms', step: 60, days: 2, make: warming(0.94, 9000, 0.01) },
  { name: 'h-campaign', step: 60, days: 8, make: campaign(shop, 5.4, 4, 0.7) },
  { name: 'h-latency-p99', step: 60, days: 4, make: latency(180, 0.25, 0.004) },
  { name: 'h-error-ratio', step: 60, days: 5, make: ratio(400, 0.0004), grid: 1e-6 },
  { name: 'h-queue', step: 30, days: 2, make: queue(20, 1.12, 0.4) },
  { name: 'h-restarts', step: 300, days: 14, make: seldom(0.5, 1) },
  { name: 'h-disk-rotation', step: 300, days: 21, make: rotating(30, 70, 3.5, 0.5), grid: 0.01 },
  { name: 'h-net-bursts', step: 15, days: 1, make: bursts(2e5, 3, 90, 3e6) },
  { name: 'h-low-rate', step: 30, days: 1, make: rate(0.04) },
  { name: 'h-constant', step: 60, days: 3, make: constant(4) },
  { name: 'h-gappy', step: 60, days: 5, make: daily(0.3, 0.6, 0.05), gaps: 6, nan: 0.01 },
  { name: 'h-deployed', step: 60, days: 6, make: shifted(daily(0.3, 0.5, 0.05), 3.5, 1.15) },
  { name: 'h-dst', step: 300, days: 35, make: daily(50, 900, 0.04, { sharp: 3, free: 0.5 }) },
  { name: 'h-holiday', step: 300, days: 25, make: holiday(daily(80, 700, 0.05, { free: 0.3 }), 18) },
  { name: 'h-checkpoints', step: 30, days: 1, make: saw(2, 90, 900, 3) },
  { name: 'h-head-series', step: 60, days: 3, make: saw(820_000, 1_100_000, 7200, 4000) },
  { name: 'h-ci-runners', step: 300, days: 28, make: workdays(2, 14) },
  { name: 'h-cert-days', step: 300, days: 20, make: countdown(45, 30), grid: 0.01 },
  { name: 'h-gpu-jobs', step: 60, days: 4, make: onOff(2, 96, 3, 1.5, 1) },
  // with something truly wrong
  { name: 'cpu-spike', step: 60, days: 7, make: web, wrong: [['spike', 5.3, 0.3, plus(1.1)]] },
  { name: 'cpu-night', step: 60, days: 9, make: web, wrong: [['contextual', 7.08, 2, asOf(11)]] },
  { name: 'cpu-season-lost', step: 300, days: 16, make: daily(0.2, 0.9, 0.05), wrong: [['season', 12, 36, level(0.45, 0.03)]] },
  { name: 'cpu-shift', step: 60, days: 6, make: daily(0.25, 0.5, 0.05), wrong: [['shift', 4.4, 8, times(1.7)]] },
  { name: 'batch-missing', step: 300, days: 21, make: nightly(12, 2, 120, 180, 0.2), wrong: [['contextual', 17.04, 2, level(12, 2)]] },
  { name: 'cron-overruns', step: 30, days: 2, make: cron(0.12, 3600, 240, 0.7, 0.02, 60), wrong: [['shift', 1.5, 2.5, level(0.85, 0.03)]] },
  { name: 'hpa-pinned', step: 60, days: 7, make: replicas(3, 12), wrong: [['contextual', 5.1, 5, level(20, 0)]] },
  { name: 'hpa-flaps', step: 30, days: 4, make: replicas(4, 9), wrong: [['variance', 3.3, 2, flapping(4, 12, 120)]] },
  { name: 'jvm-leak', step: 60, days: 5, make: heap(400, 500, 1.2, 0.05, 300), wrong: [['drift', 3, 40, drift(1400)]] },
  { name: 'jvm-full', step: 30, days: 2, make: heap(400, 600, 1.6, 0.05, 700), wrong: [['shift', 1.4, 3, level(1980, 12)]] },
  { name: 'goroutines', step: 30, days: 2, make: noisy(420, 25, 0.8), wrong: [['drift', 1.2, 10, drift(2600)]], grid: 1 },
  { name: 'node-heap-spike', step: 60, days: 3, make: heap(180, 60, 0.4, 0.2, 140), wrong: [['spike', 2.2, 0.25, plus(900)]] },
  {
    name: 'cache-flushed',
    step: 60,
    days: 4,
    make: noisy(0.94, 0.008, 0.6),
    wrong: [['dip', 2.6, 1.5, () => (v, x) => v * (0.25 + 0.75 * x)]],
  },
  { name: 'requests-gone', step: 30, days: 4, make: shop, wrong: [['zero', 3.2, 0.4, zero]] },
  { name: 'requests-halved', step: 60, days: 10, make: shop, wrong: [['shift', 8.5, 3, times(0.5)]] },
  { name: 'retry-storm', step: 60, days: 8, make: twoPeaks(100, 900, 0.05), wrong: [['spike', 6.6, 0.5, times(3.2)]] },
  { name: 'p99-shift', step: 60, days: 4, make: latency(180, 0.25, 0.004), wrong: [['shift', 3.1, 4, times(3)]] },
  {
    name: 'p99-shaky',
    step: 60,
    days: 4,
    make: latency(90, 0.12, 0.002),
    wrong: [['variance', 2.9, 3, () => (v, _x, r) => v * Math.exp(0.9 * r.gauss())]],
  },
  { name: 'p99-creeps', step: 300, days: 14, make: latency(120, 0.15, 0.004), wrong: [['drift', 10, 60, drifts(2.6)]] },
  { name: 'errors-burst', step: 60, days: 5, make: ratio(400, 0.0004), wrong: [['spike', 4.2, 0.3, plus(0.18)]], grid: 1e-6 },
  { name: 'errors-smoulder', step: 60, days: 5, make: ratio(600, 0.0004), wrong: [['shift', 3.6, 6, plus(0.02)]], grid: 1e-6 },
  { name: 'queue-stuck', step: 30, days: 2, make: queue(20, 1.2, 0.1), wrong: [['drift', 1.6, 3, drift(60_000)]] },
  { name: 'queue-plateau', step: 60, days: 3, make: queue(8, 1.4, 0), wrong: [['shift', 2.3, 2, plus(3000)]] },
  { name: 'crashloop', step: 300, days: 14, make: seldom(0.4, 1), wrong: [['shift', 11.2, 5, some(0.7, 2)]], grid: 1 },
  { name: 'rotation-stops', step: 300, days: 20, make: rotating(30, 60, 2.5, 0.5), wrong: [['drift', 16, 60, drift(38)]] },
  { name: 'net-silent', step: 15, days: 1, make: bursts(2e5, 3, 60, 1e6), wrong: [['zero', 0.7, 0.5, zero]] },
  { name: 'net-flood', step: 15, days: 1, make: bursts(2e5, 1, 60, 1e6), wrong: [['shift', 0.75, 1.5, plus(9e6)]] },
  { name: 'rate-stops', step: 30, days: 1.5, make: rate(1.4), wrong: [['zero', 1.1, 1, zero]] },
  { name: 'constant-jumps', step: 60, days: 3, make: constant(4), wrong: [['shift', 2.2, 3, plus(-1)]] },
  { name: 'constant-flickers', step: 60, days: 4, make: constant(1), wrong: [['variance', 3.1, 1.5, flapping(0, 1, 180)]] },
  { name: 'gappy-spike', step: 60, days: 5, make: daily(0.3, 0.6, 0.05), wrong: [['spike', 4.3, 0.4, plus(0.9)]], gaps: 6, nan: 0.02 },
  { name: 'gappy-zero', step: 60, days: 5, make: daily(200, 600, 0.05), wrong: [['zero', 3.8, 0.5, zero]], gaps: 4, nan: 0.02 },
  {
    name: 'dst-night',
    step: 300,
    days: 35,
    make: daily(50, 900, 0.04, { sharp: 3, free: 0.5 }),
    wrong: [['contextual', 30.1, 2.5, asOf(11)]],
  },
  { name: 'weekend-surge', step: 300, days: 28, make: daily(100, 900, 0.04, { free: 0.15 }), wrong: [['contextual', 26.4, 5, asOf(-48)]] },
  { name: 'pool-exhausted', step: 30, days: 3, make: daily(8, 26, 0.12), wrong: [['shift', 2.3, 1, level(50, 0)]], grid: 1 },
  { name: 'replica-lags', step: 15, days: 1, make: cron(0.4, 1800, 60, 3, 0.1, 60), wrong: [['drift', 0.7, 1.2, drift(300)]] },
  { name: 'compaction-stops', step: 300, days: 12, make: saw(400, 460, 1800, 6), wrong: [['drift', 9, 50, drift(600)]] },
  { name: 'consumer-lag', step: 60, days: 4, make: cron(40, 600, 60, 900, 12, 30), wrong: [['shift', 3.2, 3, plus(4000)]] },
  { name: 'gpu-throttled', step: 60, days: 3, make: noisy(92, 2, 0.5), wrong: [['shift', 2.1, 2, times(0.6)]] },
  {
    name: 'dns-storm',
    step: 60,
    days: 6,
    make: daily(400, 1500, 0.07),
    wrong: [
      ['spike', 5.1, 0.3, times(5)],
      ['spike', 5.6, 0.3, times(4)],
    ],
  },
  { name: 'conntrack', step: 60, days: 6, make: daily(20_000, 60_000, 0.05), wrong: [['drift', 4, 20, drift(120_000)]] },
  { name: 'scrape-shaky', step: 60, days: 3, make: noisy(0.35, 0.015, 0.2), wrong: [['variance', 2.2, 3, shaky(0.12)]] },
  { name: 'io-wait', step: 60, days: 5, make: nightly(1.5, 3, 45, 20, 0.3), wrong: [['shift', 4.4, 3, plus(12)]] },
  { name: 'glitch-shift', step: 60, days: 4, make: noisy(55, 3, 0.7), wrong: [['shift', 3.1, 4, plus(22)]], negative: 0.001 },
  { name: 'sensor-stuck', step: 60, days: 5, make: daily(30, 60, 0.05), wrong: [['flat', 4.35, 5, stuck]], grid: 0.01 },
  { name: 'memory-steps', step: 300, days: 10, make: noisy(610, 9, 0.9), wrong: [['shift', 7.5, 24, plus(170)]] },
  { name: 'runners-idle', step: 300, days: 28, make: workdays(2, 14), wrong: [['contextual', 23.35, 6, level(2, 0.3)]] },
];

/** Not looked at until every mend was made. */
export const LATE_SPECS: readonly Spec[] = [
  { name: 'h-transcode', step: 60, days: 3, make: onOff(5, 380, 0.5, 1, 12) },
  { name: 'h-inference', step: 60, days: 9, make: twoPeaks(20, 160, 0.09, 0.5) },
  { name: 'h-pending-pods', step: 30, days: 2, make: cron(0, 3600, 60, 5, 0, 1200), grid: 1 },
  { name: 'h-tmp-files', step: 60, days: 3, make: rotating(2, 9, 0.25, 0.2) },
  { name: 'h-cold-starts', step: 60, days: 3, make: latency(40, 0.5, 0.02) },
  {
    name: 'h-threads',
    step: 60,
    days: 6,
    make: (r, step) =>
      (
        (n) => (t) =>
          n(t) * 38 + 4 * r.gauss()
      )(replicas(2, 6)(r, step)),
    grid: 1,
  },
  {
    name: 'h-monday-report',
    step: 300,
    days: 28,
    make: (r) => (t) => 8 + r.gauss() + (weekday(t) === 0 && hour(t) > 6 && hour(t) < 8 ? 60 : 0),
  },
  { name: 'handshakes-fail', step: 60, days: 3, make: rate(0.02), wrong: [['spike', 2.4, 0.5, plus(2.5)]] },
  { name: 'threads-leak', step: 60, days: 4, make: noisy(210, 9, 0.6), wrong: [['drift', 2.8, 20, drift(500)]], grid: 1 },
  { name: 'ingest-halved', step: 60, days: 8, make: twoPeaks(4000, 19_000, 0.05, 0.9), wrong: [['shift', 6.7, 3, times(0.45)]] },
  { name: 'working-set-jumps', step: 60, days: 4, make: heap(900, 120, 0.3, 0.1, 200), wrong: [['shift', 3.2, 6, plus(800)]] },
  { name: 'latency-bimodal', step: 60, days: 4, make: latency(60, 0.15, 0.002), wrong: [['variance', 3.1, 2, some(0.4, 400)]] },
  { name: 'batch-overruns', step: 300, days: 18, make: nightly(20, 1, 90, 300, 0.15), wrong: [['contextual', 15.14, 4, level(320, 15)]] },
  { name: 'lag-grows', step: 30, days: 2, make: queue(30, 1.3, 0), wrong: [['drift', 1.5, 2, drift(40_000)]] },
  { name: 'heartbeats-stuck', step: 30, days: 2, make: noisy(12, 1.1, 0.3), wrong: [['flat', 1.6, 2, stuck]] },
  { name: 'iops-shaky', step: 60, days: 5, make: daily(900, 1700, 0.04), wrong: [['variance', 4.2, 3, shaky(700)]] },
  { name: 'night-traffic', step: 300, days: 21, make: daily(200, 3000, 0.04, { sharp: 3 }), wrong: [['contextual', 18.05, 2, asOf(11)]] },
  { name: 'pods-gone', step: 60, days: 3, make: constant(6), wrong: [['zero', 2.3, 0.3, zero]] },
  { name: 'packets-dropped', step: 15, days: 1, make: seldom(6, 3), wrong: [['spike', 0.8, 0.5, plus(45)]] },
  { name: 'p50-creeps', step: 300, days: 12, make: noisy(14, 0.5, 0.7), wrong: [['drift', 9, 48, drift(9)]] },
];

export function labelled(specs: readonly Spec[] = SPECS, seed = 'unseen'): LabelledSeries[] {
  return specs.map((spec) => {
    const r = random(`${seed}/${spec.name}`);
    const signal = spec.make(r, spec.step);
    const windows = (spec.wrong ?? []).map(([kind, day, hours, fault]) => {
      const from = MONDAY + Math.round((day * DAY) / spec.step) * spec.step;
      return { kind, from, to: from + hours * HOUR, fault: fault() };
    });
    const points: [number, number][] = [];
    let gap = 0;
    for (let t = MONDAY; t < MONDAY + spec.days * DAY; t += spec.step) {
      let v = signal(t);
      for (const { from, to, fault } of windows) if (t >= from && t < to) v = fault(v, (t - from) / (to - from), r, signal, t);
      v = Math.max(0, v);
      if (spec.grid !== undefined) v = Math.round(v / spec.grid) * spec.grid;
      if (r() < (spec.negative ?? 0)) v = -1;
      if (r() < (spec.nan ?? 0)) v = Number.NaN;
      if (gap <= 0 && r() < ((spec.gaps ?? 0) * spec.step) / (spec.days * DAY)) gap = r.exp(1800);
      gap -= spec.step;
      const inside = windows.some(({ from, to }) => t >= from && t < to);
      if (gap <= 0 || inside) points.push([t, Number(v.toPrecision(7))]);
    }
    return { name: spec.name, step: spec.step, points, windows: windows.map(({ kind, from, to }) => ({ kind, from, to })) };
  });
}
