import { AGENTS as OWN } from '../../../agents/specialists/index.ts';
import { lookout } from './lookout/agent.ts';

/** The registry of the product with one more line. */
export const AGENTS = [...OWN, lookout];
