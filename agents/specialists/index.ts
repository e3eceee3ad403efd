import { registry } from '../core/agent.ts';
import { documentation } from './documentation/agent.ts';
import { observability } from './observability/agent.ts';
import { troubleshooting } from './troubleshooting/agent.ts';

/** The registry: one line an agent. Threads, watches, the feed and settings follow from it. */
export const AGENTS = registry([troubleshooting, observability, documentation]);
