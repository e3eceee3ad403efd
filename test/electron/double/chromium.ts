import { Cdp } from './cdp.ts';
import { stopsDownload } from './session.ts';

/** The Chromium whose pages are the windows: the test started it, and names its address in the environment. */
let begun: Promise<Cdp> | undefined;

export function chromium(): Promise<Cdp> {
  begun ??= (async () => {
    const cdp = await Cdp.connect(process.env['ELECTRON_DOUBLE_CHROMIUM'] ?? '');
    cdp.on(undefined, (method, params) => {
      if (method === 'Target.targetCreated') {
        const { targetId, type, openerId } = (params as { targetInfo: { targetId: string; type: string; openerId?: string } }).targetInfo;
        // A window that a page opened by itself: the double lets none be, whatever the handler says; it notes what it said.
        if (type === 'page' && openerId !== undefined) void shut(cdp, targetId).catch(() => undefined);
      }
      if (method === 'Browser.downloadWillBegin') {
        const { guid, url } = params as { guid: string; url: string };
        if (stopsDownload(url)) void cdp.send('Browser.cancelDownload', { guid }).catch(() => undefined);
      }
    });
    await cdp.send('Target.setDiscoverTargets', { discover: true });
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
    return cdp;
  })();
  return begun;
}

/**
 * A new window waits for whoever debugs the browser, and its opener, which is of the same process, with it. Closed while it waits, it would
 * leave the opener waiting for ever: so it is let go on first.
 */
async function shut(cdp: Cdp, targetId: string): Promise<void> {
  const { sessionId } = (await cdp.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
  await cdp.send('Runtime.runIfWaitingForDebugger', {}, sessionId);
  await cdp.send('Target.closeTarget', { targetId });
}
