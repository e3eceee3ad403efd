/**
 * The two worlds of a page: its own, and the one of the preload script, which Chromium keeps apart as Electron does. What follows runs in
 * the page, as text; the binding `tellMain` is there in the preload's world alone.
 */

export const PRELOAD_WORLD = 'electron-preload';
export const TELL_MAIN = 'tellMain';
const EXPOSE = 'electron-double-expose';

/** In the page's own world, before any script of the page: takes what the preload exposes, as Electron does: frozen, not to be replaced. */
export const PAGE_WORLD = `(() => {
  const freeze = (value) => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  document.addEventListener('${EXPOSE}', ({ detail }) => {
    const { key, value } = JSON.parse(detail);
    Object.defineProperty(window, key, { value: freeze(value), enumerable: true });
  });
})()`;

/** The preload script with the \`electron\` a sandboxed one may require. It runs in the top page only. */
export const preloadWorld = (source: string) => `(() => {
  if (window !== window.top) return;
  const ports = new Map();
  const tell = (message) => ${TELL_MAIN}(JSON.stringify(message));
  const plain = (data) => {
    if (typeof data === 'string') return { text: data };
    if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return { bytes: btoa(String.fromCharCode(...new Uint8Array(data.buffer ?? data))) };
    return { json: data };
  };
  globalThis.fromMain = (port, { text, bytes, json }) =>
    ports.get(port)?.postMessage(text ?? (bytes === undefined ? json : Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)).buffer));
  globalThis.closePort = (port) => ports.get(port)?.close();
  const known = {
    contextBridge: {
      exposeInMainWorld: (key, value) => {
        if (JSON.stringify(value) === undefined || JSON.stringify(value).includes('function')) throw new Error('the double exposes plain data only');
        document.dispatchEvent(new CustomEvent('${EXPOSE}', { detail: JSON.stringify({ key, value }) }));
      },
    },
    ipcRenderer: {
      postMessage: (channel, message, transfer = []) => {
        const ids = transfer.map((port) => {
          const id = ports.size + 1;
          ports.set(id, port);
          port.onmessage = ({ data }) => tell({ port: id, data: plain(data) });
          return id;
        });
        tell({ channel, message, ports: ids });
      },
    },
  };
  const loud = (name, target) => new Proxy(target, { get: (of, key) => { if (key in of) return of[key]; throw new Error('the double of electron has no ' + name + '.' + String(key)); } });
  const require = (name) => {
    if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name);
    return loud('electron', { contextBridge: loud('contextBridge', known.contextBridge), ipcRenderer: loud('ipcRenderer', known.ipcRenderer) });
  };
  const module = { exports: {} };
  (function (require, module, exports) {${source}
  })(require, module, module.exports);
})()`;

/** How data of a port travels: text and bytes as they are, the rest as JSON. */
export interface Plain {
  readonly text?: string;
  readonly bytes?: string;
  readonly json?: unknown;
}

export const plainOf = (data: unknown): Plain =>
  typeof data === 'string'
    ? { text: data }
    : data instanceof ArrayBuffer || ArrayBuffer.isView(data)
      ? { bytes: Buffer.from(data instanceof ArrayBuffer ? data : data.buffer).toString('base64') }
      : { json: data };

export const dataOf = ({ text, bytes, json }: Plain): unknown =>
  text ?? (bytes === undefined ? json : new Uint8Array(Buffer.from(bytes, 'base64')).buffer);
