/** Has the browser keep the page for when its host cannot be reached. Not in the desktop window, which has it beside it; not where the browser has no way to it. */
export function keepPage(window: Window): void {
  if (window.quarterdeckShell !== undefined || !window.isSecureContext || !('serviceWorker' in window.navigator)) return;
  window.navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ open?: unknown } | null>) => {
    const open = data?.open;
    if (typeof open === 'string' && open.startsWith('#/')) window.location.hash = open;
  });
  // Where it is refused (private windows) the page works as before.
  window.addEventListener('load', () => void window.navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}
