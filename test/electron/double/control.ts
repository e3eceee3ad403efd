import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { clickNote, press, tray, words } from './desktop.ts';
import { allAsked, note } from './loud.ts';
import { foreignPorts } from './ports.ts';
import { endThread, threads } from './threads.ts';

/** What a test may do that a person or the system does: it comes over the process channel, one order at a time, and each is answered. */

export type Order =
  | { readonly do: 'asked' | 'clickNote' | 'clickTray' | 'blur' | 'quit' | 'threads' | 'closeWindow' | 'attachWebview' | 'foreignPorts' }
  | { readonly do: 'press'; readonly menu: 'app' | 'tray'; readonly words: string }
  | { readonly do: 'words'; readonly menu: 'app' | 'tray' }
  | { readonly do: 'openUrl'; readonly url: string }
  | { readonly do: 'endThread'; readonly name: string }
  | { readonly do: 'place'; readonly bounds: { x: number; y: number; width: number; height: number }; readonly maximized: boolean };

function obey(order: Order): unknown {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  switch (order.do) {
    case 'asked':
      return allAsked();
    case 'words':
      return words(order.menu);
    case 'press':
      return press(order.menu, order.words);
    case 'clickNote':
      return clickNote();
    case 'clickTray':
      return tray?.emit('click');
    case 'openUrl':
      return app.emit('open-url', { preventDefault: () => note('linkPrevented') }, order.url);
    case 'threads':
      return threads();
    case 'endThread':
      return endThread(order.name);
    case 'blur':
      return window?.blur();
    case 'place':
      return window?.place(order.bounds, order.maximized);
    case 'closeWindow':
      return window?.close();
    case 'attachWebview': {
      let fate = 'attached';
      window?.webContents.emit('will-attach-webview', { preventDefault: () => (fate = 'prevented') }, {}, {});
      return fate;
    }
    case 'foreignPorts':
      return window === undefined ? undefined : foreignPorts(window.webContents);
    case 'quit':
      return app.quit();
  }
}

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  void (async () => {
    try {
      const value = await obey(order);
      process.send?.({ id, value: value === undefined ? null : JSON.parse(JSON.stringify(value)) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  })();
});
// The channel must not keep alive what would otherwise end.
process.channel?.unref();
