import { type ComponentType, lazy } from 'react';
import type { Json } from '../../agents/contract/index.ts';
import type { Facts } from './facts.ts';
import type { ObjectPlace } from './places.ts';
import { hasMetrics } from '../metrics/subject.ts';
import { Events } from './tabs/events.tsx';
import { Overview } from './tabs/overview.tsx';

/** What a tab about one object is given. */
export interface TabProps {
  readonly place: ObjectPlace;
  readonly object: Json;
  readonly yaml: string;
  readonly facts: Facts;
  /** Reads the object again. */
  readonly again: () => void;
}

export interface ObjectTab {
  readonly id: string;
  readonly words: string;
  /** Whether it says anything of such an object. */
  readonly of: (facts: Facts) => boolean;
  readonly Shown: ComponentType<TabProps>;
}

const always = () => true;
const hasPods = ({ kind, selectsPods }: Facts) => kind === 'Pod' || selectsPods;

/** The tabs of the object page, in their order: a tab is one line here. What weighs something comes when somebody looks. */
export const OBJECT_TABS: readonly ObjectTab[] = [
  { id: 'overview', words: 'Overview', of: always, Shown: Overview },
  {
    id: 'metrics',
    words: 'Metrics',
    of: hasMetrics,
    Shown: lazy(() => import('../metrics/metrics-tab.tsx').then((m) => ({ default: m.ObjectMetrics }))),
  },
  { id: 'yaml', words: 'YAML', of: always, Shown: lazy(() => import('./tabs/yaml.tsx').then((m) => ({ default: m.Yaml }))) },
  { id: 'events', words: 'Events', of: always, Shown: Events },
  { id: 'related', words: 'Related', of: always, Shown: lazy(() => import('./tabs/related.tsx').then((m) => ({ default: m.Related }))) },
  { id: 'logs', words: 'Logs', of: hasPods, Shown: lazy(() => import('./tabs/logs.tsx').then((m) => ({ default: m.ObjectLogs }))) },
  {
    id: 'terminal',
    words: 'Terminal',
    of: hasPods,
    Shown: lazy(() => import('./tabs/terminal.tsx').then((m) => ({ default: m.Terminal }))),
  },
  { id: 'ports', words: 'Ports', of: hasPods, Shown: lazy(() => import('./tabs/ports.tsx').then((m) => ({ default: m.ObjectPorts }))) },
];
