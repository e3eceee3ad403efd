import type { MessagePort } from 'node:worker_threads';
import type { ContextName, Kind } from '../contract/index.ts';
import type { Gap } from '../core/view.ts';
import { type Form, type Packed, unpack } from './packing.ts';
import type { ViewMessage } from './ports/notices.ts';

/**
 * The way from the kube worker into the thread of an agent. Objects travel packed: a form is sent once, an object is a number and a
 * string. A message is followed by its receipt, and only so many may be under way: a thread that is busy is told less often, and
 * what changed meanwhile is told once.
 */

type Changes = Extract<ViewMessage, { type: 'changes' }>;

/** What is sent: `upserts` as two columns of one length, form numbers and leaves. */
type Wire =
  | (Omit<Changes, 'upserts' | 'version'> & {
      /** True: all forms sent before are forgotten, numbers begin anew. */
      readonly anew: boolean;
      readonly newForms: readonly Form[];
      readonly forms: readonly number[];
      readonly leaves: readonly string[];
    })
  | { readonly type: 'gone'; readonly context: ContextName };
const RECEIPT = 'taken';

/** Two: while one is worked on, the next is there. */
const MOST_UNDER_WAY = 2;
/** Forms of owners long gone would gather; this many are some 50 MB at the most. */
const MOST_FORMS = 10_000;

export interface Change {
  readonly context: ContextName;
  readonly reset: readonly Kind[];
  readonly upserts: readonly Packed[];
  readonly removes: readonly { readonly kind: Kind; readonly key: string }[];
  readonly gaps: readonly Gap[];
  readonly synced: boolean;
}

/** The kube worker's end. */
export class ViewSender {
  readonly #port: MessagePort;
  #forms = new Map<Form, number>();
  #anew = false;
  #underWay = 0;

  /** `onFree` is called when a message may be sent again, `onClose` when nobody listens any more. */
  constructor(port: MessagePort, onFree: () => void, onClose: () => void) {
    this.#port = port;
    port.on('message', () => {
      this.#underWay--;
      onFree();
    });
    port.on('close', onClose);
    port.unref();
  }

  get free(): boolean {
    return this.#underWay < MOST_UNDER_WAY;
  }

  changes({ upserts, ...change }: Change): void {
    const newForms: Form[] = [];
    const forms: number[] = [];
    const leaves: string[] = [];
    if (this.#forms.size > MOST_FORMS) {
      this.#forms = new Map();
      this.#anew = true;
    }
    for (const packed of upserts) {
      let number = this.#forms.get(packed.form);
      if (number === undefined) {
        this.#forms.set(packed.form, (number = this.#forms.size));
        newForms.push(packed.form);
      }
      forms.push(number);
      leaves.push(packed.leaves);
    }
    this.#underWay++;
    this.#port.postMessage({ type: 'changes', ...change, anew: this.#anew, newForms, forms, leaves } satisfies Wire);
    this.#anew = false;
  }

  gone(context: ContextName): void {
    this.#underWay++;
    this.#port.postMessage({ type: 'gone', context } satisfies Wire);
  }

  close(): void {
    this.#port.close();
  }
}

/** The agent's end: hands each message on as objects, and gives its receipt when that has returned. */
export function receiveViews(port: MessagePort, take: (message: ViewMessage) => void): void {
  let forms: Form[] = [];
  const versions = new Map<ContextName, number>();
  port.on('message', (wire: Wire) => {
    try {
      if (wire.type === 'gone') {
        versions.delete(wire.context);
        take(wire);
        return;
      }
      const { anew, newForms, forms: numbers, leaves, ...change } = wire;
      if (anew) forms = [];
      forms.push(...newForms);
      const upserts = numbers.map((number, i) => unpack({ form: forms[number] as Form, leaves: leaves[i] ?? '' }));
      const version = (versions.get(change.context) ?? 0) + 1;
      versions.set(change.context, version);
      take({ ...change, upserts, version });
    } finally {
      port.postMessage(RECEIPT);
    }
  });
}
