import type { WebFrameMain, WebPreferences, WindowOpenHandlerResponse } from 'electron';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium } from './chromium.ts';
import { note } from './loud.ts';
import { type Told, WindowPorts } from './ports.ts';
import { answerOf, fromPage, toPage } from './schemes.ts';
import { grants, passes } from './session.ts';
import { PAGE_WORLD, PRELOAD_WORLD, TELL_MAIN, preloadWorld } from './worlds.ts';

type Opener = (details: { readonly url: string; readonly frameName: string }) => WindowOpenHandlerResponse;
type Params = Readonly<Record<string, unknown>>;
/** Permissions a page may ask for, in Chromium's words, with Electron's. */
const PERMISSIONS = { geolocation: 'geolocation', notifications: 'notifications', camera: 'media', microphone: 'media' } as const;

/** A page of Chromium with what Electron puts around it: the preload's world, navigation that is asked for first, requests that are answered. */
export class WebContents extends EventEmitter {
  mainFrame = { url: '' } as WebFrameMain;
  readonly #preferences: WebPreferences;
  readonly #ports = new WindowPorts(this);
  readonly #worlds = new Map<number, WebFrameMain>();
  readonly #page: Promise<{ readonly target: string; readonly session: string }>;
  #mainFrameId = '';
  /** The address that `loadURL` asked for: that one is not asked about. */
  #ordered: string | undefined;
  #opener: Opener | undefined;

  constructor(preferences: WebPreferences) {
    super();
    this.#preferences = preferences;
    this.#page = this.#begin();
    this.#page.catch((error: unknown) => note('double', String(error)));
  }

  setWindowOpenHandler(handler: (details: never) => WindowOpenHandlerResponse): void {
    this.#opener = handler as Opener;
  }

  async load(address: string): Promise<void> {
    note('load', address);
    const { session } = await this.#page;
    const url = toPage(address);
    this.#ordered = url.split('#')[0];
    await (await chromium()).send('Page.navigate', { url }, session);
  }

  async reload(): Promise<void> {
    note('reload');
    const { session } = await this.#page;
    this.#ordered = toPage(this.mainFrame.url).split('#')[0];
    await (await chromium()).send('Page.reload', {}, session);
  }

  async close(): Promise<void> {
    const { target } = await this.#page;
    await (await chromium()).send('Target.closeTarget', { targetId: target });
  }

  /** Evaluates in the preload's world of a document that is still there. */
  async inWorld(contextId: number, expression: string): Promise<void> {
    if (!this.#worlds.has(contextId)) return;
    const { session } = await this.#page;
    await (await chromium()).send('Runtime.evaluate', { contextId, expression }, session);
  }

  async #begin() {
    const cdp = await chromium();
    const { targetId } = (await cdp.send('Target.createTarget', { url: 'about:blank', newWindow: true })) as { targetId: string };
    const { sessionId: session } = (await cdp.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
    cdp.on(session, (method, params) => void this.#hear(session, method, params).catch((e: unknown) => note('double', String(e))));
    const tell = (method: string, params: Params = {}) => cdp.send(method, params, session);
    this.#mainFrameId = targetId;
    const { preload } = this.#preferences;
    await Promise.all([
      tell('Page.enable'),
      tell('Runtime.enable'),
      tell('Inspector.enable'),
      tell('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      tell('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
      tell('Runtime.addBinding', { name: TELL_MAIN, executionContextName: PRELOAD_WORLD }),
      tell('Page.addScriptToEvaluateOnNewDocument', { source: PAGE_WORLD }),
    ]);
    for (const [name, electrons] of Object.entries(PERMISSIONS))
      await cdp.send('Browser.setPermission', { permission: { name }, setting: grants(electrons) ? 'granted' : 'denied' });
    if (preload !== undefined)
      await tell('Page.addScriptToEvaluateOnNewDocument', {
        source: preloadWorld(readFileSync(preload, 'utf8')),
        worldName: PRELOAD_WORLD,
      });
    return { target: targetId, session };
  }

  async #hear(session: string, method: string, params: Params): Promise<void> {
    const cdp = await chromium();
    switch (method) {
      case 'Fetch.requestPaused':
        return this.#answer(session, params as unknown as Paused);
      case 'Target.attachedToTarget': {
        // A worker of the page: what it asks for is answered like the page's own requests.
        const { sessionId } = params as { sessionId: string };
        cdp.on(
          sessionId,
          (m, p) => void (m === 'Fetch.requestPaused' && this.#answer(sessionId, p as unknown as Paused).catch(() => undefined)),
        );
        await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, sessionId).catch(() => undefined);
        await cdp.send('Runtime.runIfWaitingForDebugger', {}, sessionId);
        return;
      }
      case 'Page.windowOpen': {
        const { url, windowName } = params as { url: string; windowName: string };
        const { action } = this.#opener?.({ url: fromPage(url), frameName: windowName }) ?? { action: 'allow' };
        note('windowOpen', fromPage(url), action);
        return;
      }
      case 'Page.frameNavigated': {
        const {
          id,
          parentId,
          url,
          urlFragment = '',
        } = (params as { frame: { id: string; parentId?: string; url: string; urlFragment?: string } }).frame;
        if (parentId === undefined && id === this.#mainFrameId) this.mainFrame = { url: fromPage(`${url}${urlFragment}`) } as WebFrameMain;
        return;
      }
      case 'Page.navigatedWithinDocument':
        (this.mainFrame as { url: string }).url = fromPage((params as { url: string }).url);
        return;
      case 'Page.domContentEventFired':
        this.emit('dom-ready');
        return;
      case 'Runtime.executionContextCreated': {
        const { id, name, auxData } = (params as { context: { id: number; name: string; auxData: { frameId: string } } }).context;
        if (name === PRELOAD_WORLD)
          this.#worlds.set(id, auxData.frameId === this.#mainFrameId ? this.mainFrame : ({ url: 'a frame' } as WebFrameMain));
        return;
      }
      case 'Runtime.executionContextDestroyed':
        return this.#gone((params as { executionContextId: number }).executionContextId);
      case 'Runtime.executionContextsCleared':
        return this.#gone();
      case 'Runtime.bindingCalled': {
        const { executionContextId, payload } = params as { executionContextId: number; payload: string };
        // The frame as it is now: the document's address is known only after its world was made.
        const frame = this.#worlds.get(executionContextId) === undefined ? undefined : this.mainFrame;
        if (frame !== undefined) this.#ports.hear(executionContextId, frame, JSON.parse(payload) as Told);
        return;
      }
      case 'Inspector.targetCrashed':
        this.#gone();
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
        return;
      default:
    }
  }

  #gone(world?: number): void {
    this.#ports.closeAll(world);
    if (world === undefined) this.#worlds.clear();
    else this.#worlds.delete(world);
  }

  async #answer(session: string, { requestId, request, resourceType, frameId, redirectedRequestId }: Paused): Promise<void> {
    const cdp = await chromium();
    const url = fromPage(request.url);
    const fail = () => cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }, session);
    if (resourceType === 'Document' && frameId === this.#mainFrameId && request.url.split('#')[0] !== this.#ordered) {
      let prevented = false;
      const event = { url, preventDefault: () => (prevented = true) };
      this.emit(redirectedRequestId === undefined ? 'will-navigate' : 'will-redirect', event);
      note('navigate', url, prevented ? 'prevented' : 'let through');
      // 204 keeps the document that is shown; a failed request would put an error page in its place.
      if (prevented) return void (await cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 204 }, session));
    }
    if (!passes(url)) return void (await fail());
    const answer = await answerOf(url, request.method);
    if (answer === undefined) {
      note('escaped', url);
      return void (await fail());
    }
    const responseHeaders = [...answer.headers].map(([name, value]) => ({ name, value }));
    const body = Buffer.from(await answer.arrayBuffer()).toString('base64');
    await cdp.send('Fetch.fulfillRequest', { requestId, responseCode: answer.status, responseHeaders, body }, session);
  }
}

interface Paused {
  readonly requestId: string;
  readonly request: { readonly url: string; readonly method: string };
  readonly resourceType: string;
  readonly frameId: string;
  readonly redirectedRequestId?: string;
}
