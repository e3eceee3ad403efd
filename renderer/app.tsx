import type { Bridge } from './bridge/bridge.ts';
import { AgentList } from './agents/agent-list.tsx';
import { Approvals } from './approvals/approvals.tsx';
import { Fleet } from './clusters/fleet.tsx';
import { Feed } from './feed/feed.tsx';
import { Incidents } from './incidents/incidents.tsx';
import { BridgeContext } from './state/bridge-context.ts';
import { usePage } from './state/page.ts';
import { type Place, useRoute } from './state/route.ts';
import { Banners } from './ui/banners.tsx';
import { Rail } from './ui/rail.tsx';
import { StatusBar } from './ui/status-bar.tsx';
import { TopBar } from './ui/top-bar.tsx';
import { NoLink, Unreached } from './ui/whole-page.tsx';

const SCREENS: Readonly<Record<Place, (props: { id: string | undefined }) => React.ReactNode>> = {
  fleet: Fleet,
  incidents: Incidents,
  approvals: Approvals,
  feed: Feed,
  agents: AgentList,
};

export function App({ bridge }: { bridge: Bridge | undefined }) {
  const { place, id } = useRoute();
  const phase = usePage((s) => s.phase);
  const read = usePage((s) => s.contexts !== undefined);
  if (bridge === undefined || (phase === 'dead' && !read)) return <NoLink />;
  if (!read) return <Unreached />;
  const Screen = SCREENS[place];
  return (
    <BridgeContext value={bridge}>
      <a className="skip" href="#content" onClick={(e) => (e.preventDefault(), document.getElementById('content')?.focus())}>
        Skip to the content
      </a>
      <div className="frame">
        <Rail place={place} />
        <TopBar place={place} />
        <Banners />
        <main id="content" tabIndex={-1}>
          <Screen id={id} />
        </main>
        <StatusBar />
      </div>
    </BridgeContext>
  );
}
