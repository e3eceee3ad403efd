import { createContext, useContext } from 'react';
import type { Bridge, Client } from '../bridge/bridge.ts';

export const BridgeContext = createContext<Bridge | undefined>(undefined);

export function useClient(): Client {
  const bridge = useContext(BridgeContext);
  if (bridge === undefined) throw new Error('this part of the page was drawn outside of a bridge');
  return bridge.client;
}
