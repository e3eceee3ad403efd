import { type Settings, useSettings } from './settings.ts';

/** The theme that is drawn: what was set, else what the machine asks for. */
export function themeOf(set: Settings['theme'], wishes: { readonly light: boolean; readonly contrast: boolean }) {
  if (set !== 'system') return set;
  return wishes.contrast ? 'contrast' : wishes.light ? 'light' : 'dark';
}

/** Puts theme and density on the document, now and whenever the person or the machine changes them. */
export function keepTheme(window: Window): void {
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const contrast = window.matchMedia('(prefers-contrast: more)');
  const put = () => {
    const { theme, density } = useSettings.getState();
    const { dataset } = window.document.documentElement;
    dataset['theme'] = themeOf(theme, { light: light.matches, contrast: contrast.matches });
    dataset['density'] = density;
  };
  put();
  light.addEventListener('change', put);
  contrast.addEventListener('change', put);
  useSettings.subscribe(put);
}
