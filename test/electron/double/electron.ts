/** A double of the `electron` module for the built main process: what it has is named here, anything else is loud. */
import './control.ts';

export { app } from './app.ts';
export { BrowserWindow, screen } from './browser-window.ts';
export { Menu, Notification, Tray, dialog, nativeImage, shell } from './desktop.ts';
export { ipcMain } from './ports.ts';
export { protocol } from './schemes.ts';
export { safeStorage } from './safe-storage.ts';
export { session } from './session.ts';
export { utilityProcess } from './utility-process.ts';
