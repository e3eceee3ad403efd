/** Kubernetes quantities (`500m`, `1Gi`, `1e3`): decimal and binary suffixes of apimachinery's resource.Quantity. */
const SUFFIX: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The amount in base units (cores, bytes, pieces); undefined where the text is no quantity. */
export function parseQuantity(text: string | undefined): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  return Number(`${match[1] ?? '0'}${match[2] ?? ''}`) * (SUFFIX[match[3] ?? ''] ?? 1);
}

/** Cores as a pod spec writes them: `250m`, `2`. */
export function formatCpu(cores: number): string {
  const milli = Math.round(cores * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Bytes as a pod spec writes them, in the largest binary unit that divides them (whole Mi at least): `512Mi`, `2Gi`. */
export function formatBytes(bytes: number): string {
  const mi = Math.max(1, Math.round(bytes / 2 ** 20));
  return mi % 1024 === 0 ? `${mi / 1024}Gi` : `${mi}Mi`;
}
