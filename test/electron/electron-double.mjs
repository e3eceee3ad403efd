// A double of the `electron` module for running the built main process in plain Node: it does what the test asks of it over the process
// channel, and records what the main process asked of Electron. Anything it does not have is loud.
import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';

const asked = [];
let begun = false;
const record =
  (what) =>
  (...args) => {
    asked.push([what, ...args.filter((a) => typeof a !== 'function')]);
  };
const loud = (name, known) =>
  new Proxy(known, {
    get(target, key) {
      if (key in target || typeof key === 'symbol') return target[key];
      throw new Error(`the double of electron has no ${name}.${String(key)}`);
    },
  });

export const app = loud(
  'app',
  Object.assign(new EventEmitter(), {
    enableSandbox: record('enableSandbox'),
    setAsDefaultProtocolClient: record('protocolClient'),
    setBadgeCount: record('badge'),
    getLoginItemSettings: () => ({ openAtLogin: false }),
    setLoginItemSettings: record('loginItem'),
    requestSingleInstanceLock: () => true,
    whenReady: () => Promise.resolve(),
    quit: () => app.emit('before-quit', { preventDefault: () => undefined }),
    exit: (code) => process.exit(code),
  }),
);
export const dialog = loud('dialog', { showErrorBox: (...words) => (begun ? asked.push(['errorBox', ...words]) : process.send({ error: words })) });
export const safeStorage = loud('safeStorage', {
  getSelectedStorageBackend: () => 'gnome_libsecret',
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0x5a)),
  decryptStringAsync: (bytes) => Promise.resolve({ result: Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString(), shouldReEncrypt: false }),
});
export const shell = loud('shell', { openExternal: record('openExternal') });
let schemeHandler;
export const protocol = loud('protocol', {
  registerSchemesAsPrivileged: record('registerSchemesAsPrivileged'),
  handle: (_scheme, handler) => (schemeHandler = handler),
});
const defaultSession = loud(
  'session',
  Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler) => handler(null, 'camera', (answer) => asked.push(['permission', answer])),
    setPermissionCheckHandler: (handler) => asked.push(['permissionCheck', handler()]),
    setDevicePermissionHandler: (handler) => asked.push(['devicePermission', handler()]),
    webRequest: { onBeforeRequest: (handler) => handler({ url: 'https://evil.example/' }, (answer) => asked.push(['request', answer])) },
  }),
);
export const session = loud('session', { defaultSession });
export const screen = loud('screen', { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1440, height: 900 } }] });
export const Menu = loud('Menu', { buildFromTemplate: (items) => items });
export const nativeImage = loud('nativeImage', { createFromPath: (path) => ({ resize: () => path }) });
export class Tray extends EventEmitter {
  setToolTip = record('trayWords');
  setContextMenu = record('trayMenu');
  destroy = record('trayGone');
}
const notes = [];
export class Notification extends EventEmitter {
  static isSupported = () => true;
  constructor(words) {
    super();
    asked.push(['note', words]);
    notes.push(this);
  }
  show() {
    asked.push(['noteShown']);
  }
}
export const ipcMain = loud('ipcMain', new EventEmitter());

const windows = [];
export class BrowserWindow extends EventEmitter {
  constructor(options) {
    super();
    asked.push(['window', options]);
    windows.push(this);
    this.webContents = loud(
      'webContents',
      Object.assign(new EventEmitter(), {
        mainFrame: { url: 'app://quarterdeck/' },
        setWindowOpenHandler: (handler) => {
          asked.push(['windowOpen', handler({ url: 'https://evil.example/' }), handler({ url: 'https://kubernetes.io/docs/' })]);
        },
      }),
    );
  }
  isDestroyed = () => false;
  isMinimized = () => false;
  isMaximized = () => true;
  isFocused = () => false;
  getNormalBounds = () => ({ x: 20, y: 30, width: 1200, height: 800 });
  show = record('show');
  focus = record('focus');
  maximize = record('maximize');
  reload = record('reload');
  loadURL(url) {
    asked.push(['load', url]);
    if (begun) return Promise.resolve();
    begun = true;
    const prevented = { url: 'https://evil.example/', preventDefault: () => asked.push(['navigationPrevented']) };
    this.webContents.emit('will-navigate', prevented);
    void begin(this.webContents);
    return Promise.resolve();
  }
}

/** A thread's port in the form of the main process's: an emitter whose messages have `data`. */
function asMain(port) {
  const main = new EventEmitter();
  port.on('message', (data) => main.emit('message', { data }));
  port.on('close', () => main.emit('close'));
  return Object.assign(main, { postMessage: (m) => port.postMessage(m), start: () => port.start(), close: () => port.close() });
}

async function begin(webContents) {
  const { portBridge } = await import('../../renderer/bridge/port.ts');
  const give = (frame) => {
    const { port1, port2 } = new MessageChannel();
    ipcMain.emit('quarterdeck:port', { senderFrame: frame, sender: webContents, ports: [asMain(port2)] });
    return portBridge(port1);
  };
  const page = await schemeHandler({ url: 'app://quarterdeck/', method: 'GET' });
  const outside = await schemeHandler({ url: 'app://quarterdeck/../../package.json', method: 'GET' });
  const foreign = give({ url: 'https://evil.example/' });
  const refused = await foreign.client.app.info({}).then(
    () => 'answered',
    () => 'refused',
  );
  const { client } = give(webContents.mainFrame);
  const diagnosis = await client.diagnosis.run({ context: 'demo-tempest', plans: false });
  await client.diagnosis.run({ context: 'demo-tempest' });
  for (let i = 0; i < 400 && notes.length === 0; i++) await new Promise((go) => setTimeout(go, 50));
  notes[0]?.emit('click');
  app.emit('second-instance', {}, ['/opt/quarterdeck', 'quarterdeck://incidents/inc-1']);
  app.emit('open-url', { preventDefault: () => asked.push(['linkPrevented']) }, 'quarterdeck://evil/inc-1');
  for (let i = 0; i < 5; i++) webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  windows[0].emit('close');
  process.send({
    asked: JSON.parse(JSON.stringify(asked)),
    page: { status: page.status, policy: page.headers.get('content-security-policy'), text: await page.text() },
    outside: outside.status,
    refused,
    agents: (await client.agents.list({})).agents.map((a) => a.state),
    incidents: diagnosis.incidents.length,
  });
  app.quit();
}
