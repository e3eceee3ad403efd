import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { chooseBridge } from './bridge/choose.ts';
import { keepPage } from './offline/keep-page.ts';
import { keepLive } from './state/live.ts';
import { keepSettings } from './state/settings.ts';
import { keepTheme } from './state/theme.ts';
import './ui/page.css';

const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no element with the id page');
keepSettings(window);
keepTheme(window);
keepPage(window);
const bridge = chooseBridge(window);
if (bridge !== undefined) keepLive(bridge);
createRoot(place).render(
  <StrictMode>
    <App bridge={bridge} />
  </StrictMode>,
);
