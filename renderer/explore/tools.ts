import { type ComponentType, lazy } from 'react';

/** What Explore has beside kinds and their objects. In addresses a tool begins with a tilde, which no kind does: `#/explore/~helm`. */
interface Tool {
  readonly id: string;
  readonly words: string;
  readonly Shown: ComponentType<ToolProps>;
}

export interface ToolProps {
  /** The clusters that are meant: those of the address, else the chosen one, else all that are connected. */
  readonly contexts: readonly string[];
  /** Behind the tool in the address. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export const TOOLS: readonly Tool[] = [
  { id: '~logs', words: 'Logs', Shown: lazy(() => import('./tools/logs-of.tsx').then((m) => ({ default: m.LogsOf }))) },
  { id: '~patterns', words: 'Log patterns', Shown: lazy(() => import('../patterns/patterns.tsx').then((m) => ({ default: m.Patterns }))) },
  { id: '~load', words: 'Load', Shown: lazy(() => import('../metrics/load.tsx').then((m) => ({ default: m.Load }))) },
  {
    id: '~trends',
    words: 'Trends and sizes',
    Shown: lazy(() => import('../metrics/trends.tsx').then((m) => ({ default: m.Trends }))),
  },
  { id: '~helm', words: 'Helm releases', Shown: lazy(() => import('./tools/helm.tsx').then((m) => ({ default: m.Helm }))) },
  { id: '~access', words: 'Who can', Shown: lazy(() => import('./tools/access.tsx').then((m) => ({ default: m.Access }))) },
  { id: '~ports', words: 'Forwarded ports', Shown: lazy(() => import('./tools/all-ports.tsx').then((m) => ({ default: m.AllPorts }))) },
];
