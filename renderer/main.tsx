import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { chooseBridge } from './bridge/choose.ts';
import { SCREENS } from './frame/screens.ts';
import { keepPage } from './offline/keep-page.ts';
import { keepLive } from './state/live.ts';
import { readRoute } from './state/route.ts';
import { keepSettings } from './state/settings.ts';
import { keepTheme } from './state/theme.ts';
import './ui/page.css';

const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no element with the id page');
keepSettings(window);
keepTheme(window);
keepPage(window);
const bridge = chooseBridge(window);
if (bridge !== undefined) {
  keepLive(bridge);
  // What the first screen is made of comes while the host is asked what is on it. Where it does not, the screen itself says so.
  const first = SCREENS[readRoute(window.location.hash).place];
  Promise.all([first.early?.(bridge.client), first.read()]).catch(() => undefined);
}
createRoot(place).render(
  <StrictMode>
    <App bridge={bridge} />
  </StrictMode>,
);
