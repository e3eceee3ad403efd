import type { ContextName, Embedder, InferencePort, ModelLibrary, Outcome } from '../../contract/index.ts';
import type { InteractiveTransport } from '../cluster/interactive/transport.ts';
import type { MarkBook } from '../contexts/marks-file.ts';
import type { Clock, Ids, Log } from './runtime.ts';
import type { Kube } from './kube.ts';
import type { Writer } from './writer.ts';
import type { Keychain } from './keychain.ts';
import type { WritableStore } from './store.ts';

/** What a shell supplies to `createApp`, and the seams between the rooms of the host. Real implementations and doubles alike. */

/** Whether the system starts the app when the person logs in. */
export interface SessionStart {
  get(): boolean;
  set(on: boolean): void;
}

export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: WritableStore;
  readonly kube: Kube;
  readonly writer: Writer;
  /** To open shells and tunnels, because a person asked; held by host/interactive.ts and nobody else. */
  readonly interactive: (context: ContextName) => Promise<Outcome<InteractiveTransport>>;
  readonly model: InferencePort;
  /** The models on this machine, and what is set about them. */
  readonly library: ModelLibrary;
  readonly keychain: Keychain;
  /** What makes vectors now; null where no model for it is there. Asked anew each time: another one may have been chosen. */
  readonly embedder: () => Promise<Embedder | null>;
  /** Absolute path or URL of the one thread entry, host/worker.ts (its built form differs by shell). */
  readonly agentThread: URL;
  readonly dataDir: string;
  /** Where the shell can arrange it. */
  readonly sessionStart?: SessionStart | undefined;
  /** What people have said about contexts. */
  readonly marks: MarkBook;
  readonly version: string;
  readonly demo: boolean;
}
