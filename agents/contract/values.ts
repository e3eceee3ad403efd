import { SIGNALS, type SignalName } from './series.ts';

/** Values of signals with their units, as people say them. */

export type SignalUnit = (typeof SIGNALS)[SignalName]['unit'];

export const unitOf = (signal: string): SignalUnit | undefined =>
  (SIGNALS as Readonly<Partial<Record<string, (typeof SIGNALS)[SignalName]>>>)[signal]?.unit;

const digits = (n: number): string => String(Number(n.toPrecision(3)));

/** "1.5 s", "340 MiB", "12 %". */
export function valueWords(unit: SignalUnit | undefined, value: number): string {
  switch (unit) {
    case 'bytes':
      return inBytes(value);
    case 'bytes per second':
      return `${inBytes(value)}/s`;
    case 'seconds':
      return Math.abs(value) < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'ratio':
      return `${digits(value * 100)} %`;
    case 'per second':
      return `${digits(value)}/s`;
    case 'cores':
      return `${digits(value)} cores`;
    default:
      return digits(value);
  }
}

function inBytes(value: number): string {
  let [left, unit] = [value, 0];
  while (Math.abs(left) >= 1024 && unit < 4) [left, unit] = [left / 1024, unit + 1];
  return `${digits(left)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit]}`;
}
