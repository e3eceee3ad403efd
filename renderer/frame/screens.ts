import { type ComponentType, lazy } from 'react';
import type { Client } from '../bridge/bridge.ts';
import type { Place } from '../state/route.ts';
import type { IconName } from '../ui/icons.tsx';

interface Screen {
  readonly icon: IconName;
  /** Reads what the screen is made of. Each is read when somebody goes there. */
  readonly read: () => Promise<unknown>;
  /** Asks for what is on it while it is being read, where that takes long. */
  readonly early?: (client: Client) => Promise<void>;
  readonly Shown: ComponentType<{ id: string | undefined }>;
}

function screen(icon: IconName, read: () => Promise<ComponentType<{ id: string | undefined }>>): Screen {
  return { icon, read, Shown: lazy(async () => ({ default: await read() })) };
}

/** The screen of each place. */
export const SCREENS: Readonly<Record<Place, Screen>> = {
  fleet: {
    ...screen('fleet', () => import('../map/fleet-screen.tsx').then((m) => m.FleetScreen)),
    early: (client) => import('../map/follow.ts').then((m) => m.followEarly(client)),
  },
  incidents: screen('incidents', () => import('../incidents/incidents.tsx').then((m) => m.Incidents)),
  approvals: screen('approvals', () => import('../approvals/approvals.tsx').then((m) => m.Approvals)),
  explore: screen('explore', () => import('../explore/explore.tsx').then((m) => m.Explore)),
  knowledge: screen('knowledge', () => import('../knowledge/knowledge.tsx').then((m) => m.Knowledge)),
  ask: screen('ask', () => import('../ask/ask.tsx').then((m) => m.Ask)),
  feed: screen('feed', () => import('../feed/feed.tsx').then((m) => m.Feed)),
  agents: screen('agents', () => import('../agents/agent-list.tsx').then((m) => m.AgentList)),
  settings: screen('settings', () => import('../settings/settings.tsx').then((m) => m.SettingsScreen)),
};
