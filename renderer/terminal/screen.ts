import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { keepStylesAdopted } from './adopted-document.ts';

/** A terminal's screen in the colours of the page. */
export interface Screen {
  readonly size: { readonly columns: number; readonly rows: number };
  write(data: Uint8Array | string): void;
  focus(): void;
  destroy(): void;
}

export interface ScreenListener {
  typed(text: string): void;
  resized(columns: number, rows: number): void;
}

const SCROLLBACK = 10_000;

export function createScreen(host: HTMLElement, label: string, listener: ScreenListener): Screen {
  const release = keepStylesAdopted(document);
  const terminal = new Terminal({
    fontFamily: token('--name-face'),
    fontSize: 13,
    scrollback: SCROLLBACK,
    cursorBlink: false,
    screenReaderMode: true,
    theme: themeNow(),
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(host);
  terminal.textarea?.setAttribute('aria-label', label);
  fit.fit();
  terminal.onData((text) => listener.typed(text));
  terminal.onResize(({ cols, rows }) => listener.resized(cols, rows));
  const watched = new ResizeObserver(() => {
    if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit();
  });
  watched.observe(host);
  const themed = new MutationObserver(() => (terminal.options.theme = themeNow()));
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return {
    get size() {
      return { columns: terminal.cols, rows: terminal.rows };
    },
    write: (data) => terminal.write(data),
    focus: () => terminal.focus(),
    destroy: () => {
      watched.disconnect();
      themed.disconnect();
      terminal.dispose();
      release();
    },
  };
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The sixteen colours of terminals, of the marks of the page. */
function themeNow(): ITheme {
  const [red, green, yellow, blue, magenta, cyan] = ['red', 'green', 'yellow', 'blue', 'purple', 'teal'].map((c) => token(`--mark-${c}`));
  const colours = { red, green, yellow, blue, magenta, cyan };
  const bright = Object.fromEntries(Object.entries(colours).map(([k, v]) => [`bright${k.charAt(0).toUpperCase()}${k.slice(1)}`, v]));
  return {
    ...(colours as Record<keyof typeof colours, string>),
    ...bright,
    background: token('--surface-0'),
    foreground: token('--text-1'),
    cursor: token('--accent'),
    cursorAccent: token('--surface-0'),
    selectionBackground: token('--surface-3'),
    black: token('--surface-2'),
    brightBlack: token('--text-3'),
    white: token('--text-2'),
    brightWhite: token('--text-1'),
  };
}
