import { type ComponentType, lazy } from 'react';
import type { Place } from '../state/route.ts';
import type { IconName } from '../ui/icons.tsx';

interface Screen {
  readonly icon: IconName;
  readonly Shown: ComponentType<{ id: string | undefined }>;
}

/** The screen of each place. Each is loaded when somebody goes there. */
export const SCREENS: Readonly<Record<Place, Screen>> = {
  fleet: { icon: 'fleet', Shown: lazy(() => import('../map/fleet-screen.tsx').then((m) => ({ default: m.FleetScreen }))) },
  incidents: { icon: 'incidents', Shown: lazy(() => import('../incidents/incidents.tsx').then((m) => ({ default: m.Incidents }))) },
  approvals: { icon: 'approvals', Shown: lazy(() => import('../approvals/approvals.tsx').then((m) => ({ default: m.Approvals }))) },
  explore: { icon: 'explore', Shown: lazy(() => import('../explore/explore.tsx').then((m) => ({ default: m.Explore }))) },
  knowledge: { icon: 'knowledge', Shown: lazy(() => import('../knowledge/knowledge.tsx').then((m) => ({ default: m.Knowledge }))) },
  ask: { icon: 'ask', Shown: lazy(() => import('../ask/ask.tsx').then((m) => ({ default: m.Ask }))) },
  feed: { icon: 'feed', Shown: lazy(() => import('../feed/feed.tsx').then((m) => ({ default: m.Feed }))) },
  agents: { icon: 'agents', Shown: lazy(() => import('../agents/agent-list.tsx').then((m) => ({ default: m.AgentList }))) },
  settings: { icon: 'settings', Shown: lazy(() => import('../settings/settings.tsx').then((m) => ({ default: m.SettingsScreen }))) },
};
