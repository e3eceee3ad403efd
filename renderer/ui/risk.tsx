import type { Risk } from '../../agents/contract/index.ts';

/** How dangerous a plan is, in its word. */
export function RiskMark({ risk, prefix = '' }: { risk: Risk; prefix?: string }) {
  return <span className={`risk risk-${risk}`}>{`${prefix}${risk}`}</span>;
}
