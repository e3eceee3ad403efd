import type { Severity } from '../../contract/index.ts';

/** Healthy is quiet: only what needs a person has weight. */
export const severityStyle = (severity: Severity): 'red' | 'yellow' | 'dim' =>
  severity === 'critical' || severity === 'high' ? 'red' : severity === 'medium' ? 'yellow' : 'dim';
