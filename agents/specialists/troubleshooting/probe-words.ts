import type { ProbeField } from './probe-faults.ts';

/** `liveness probe`: how people call it. */
export const probeWords = (probe: ProbeField): string => probe.replace('Probe', ' probe');
