import { Suspense, lazy, useEffect, useState } from 'react';
import type { Bridge } from './bridge/bridge.ts';
import { Banners } from './frame/banners.tsx';
import { Dock } from './frame/dock.tsx';
import { PlanSheet } from './frame/plan-sheet.tsx';
import { Rail } from './frame/rail.tsx';
import { SCREENS } from './frame/screens.ts';
import { ScreenGuard } from './frame/screen-guard.tsx';
import { useShortcuts } from './frame/shortcuts.ts';
import { StatusBar } from './frame/status-bar.tsx';
import { Toasts } from './frame/toasts.tsx';
import { TopBar } from './frame/top-bar.tsx';
import { useTitle } from './frame/title.ts';
import { NoLink, Unreached } from './frame/whole-page.tsx';
import { BridgeContext } from './state/bridge-context.ts';
import { useHere } from './state/here.ts';
import { usePage } from './state/page.ts';
import { type Place, useRoute } from './state/route.ts';
import { useSettings } from './state/settings.ts';

const readPalette = () => import('./palette/palette.tsx');
const Palette = lazy(() => readPalette().then((m) => ({ default: m.Palette })));
const Tour = lazy(() => import('./frame/tour.tsx').then((m) => ({ default: m.Tour })));
const Keys = lazy(() => import('./palette/keys.tsx').then((m) => ({ default: m.Keys })));

export function App({ bridge }: { bridge: Bridge | undefined }) {
  const { place, id } = useRoute();
  const phase = usePage((s) => s.phase);
  const read = usePage((s) => s.contexts !== undefined);
  if (bridge === undefined || (phase === 'dead' && !read)) return <NoLink />;
  if (!read) return <Unreached />;
  return (
    <BridgeContext value={bridge}>
      <Frame place={place} id={id} />
    </BridgeContext>
  );
}

function Frame({ place, id }: { place: Place; id: string | undefined }) {
  const [over, setOver] = useState<'palette' | 'keys' | undefined>(undefined);
  const here = useHere();
  const dock = useSettings((s) => s.dock);
  useShortcuts({ palette: () => setOver('palette'), help: () => setOver('keys') });
  useTitle(place);
  // Who opens the palette types on at once: it is there before it is asked for.
  useEffect(() => void readPalette(), []);
  const { Shown } = SCREENS[place];
  const away = () => setOver(undefined);
  return (
    <>
      <a className="skip" href="#content" onClick={(e) => (e.preventDefault(), document.getElementById('content')?.focus())}>
        Skip to the content
      </a>
      <div className="frame" data-color={here?.color ?? undefined} data-guarded={here?.protected === true ? '' : undefined}>
        <Rail place={place} />
        <TopBar place={place} search={() => setOver('palette')} />
        <Banners />
        <main id="content" tabIndex={-1}>
          <ScreenGuard key={place}>
            <Suspense fallback={<p className="loading p-5 text-ink-3">Loading…</p>}>
              <Shown id={id} />
            </Suspense>
          </ScreenGuard>
        </main>
        {dock && <Dock place={place} />}
        <StatusBar />
      </div>
      {place !== 'approvals' && <Toasts />}
      <PlanSheet />
      <Suspense fallback={null}>
        <Tour />
      </Suspense>
      <Suspense fallback={null}>
        {over === 'palette' && <Palette away={away} keys={() => setOver('keys')} />}
        {over === 'keys' && <Keys away={away} />}
      </Suspense>
    </>
  );
}
