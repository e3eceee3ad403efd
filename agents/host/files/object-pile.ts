import { setImmediate as breathe } from 'node:timers/promises';
import { ALL_KINDS, KINDS, type Kind, type KubeObject, isKind, objectKey, project } from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import { headedLogs, logPlace } from './bundle-logs.ts';
import { documentsOf } from './documents.ts';
import type { SourceFile, Trouble } from './sources.ts';

type Raw = Readonly<Record<string, unknown>>;
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (object: Raw, ...steps: readonly string[]): unknown =>
  steps.reduce<unknown>((value, step) => (isRaw(value) ? value[step] : undefined), object);

/** A log of a bundle, newest line last. */
interface KeptLog {
  readonly lines: readonly string[];
}

/** An object that none of our kinds describes: it is counted, and its conditions can be asked for. */
export interface OtherObject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly raw: Raw;
}

const MOST_TROUBLE = 30;
const SLICE_MS = 20;
const NO_KINDS: readonly Kind[] = [];

/**
 * What was read from files: objects as the kube worker would project them, events, logs, and how much of a cluster they are. Files that
 * people write say what should be; only a dump of a cluster says what is, and only of the kinds and namespaces that it lists.
 */
export class ObjectPile {
  readonly objects = new Map<string, KubeObject>();
  readonly events: Raw[] = [];
  readonly others: OtherObject[] = [];
  readonly troubles: Trouble[] = [];
  /** When the newest thing that the files tell of happened; 0 where they tell of none. */
  newest = 0;
  /** When the files were last written; 0 where that is not known. */
  written = 0;
  /** Some of it was written by a cluster, not by a person. */
  isDump = false;
  #skipped = 0;
  readonly #logs = new Map<string, KeptLog>();
  readonly #whole = new Set<Kind>();
  readonly #within = new Map<Kind, Set<string>>();
  readonly #namespace: string;
  readonly #now: number;

  /** `namespace`: of objects that name none, as of a person's `kubectl apply -n`. `now`: nothing of a dump is younger. */
  constructor(namespace: string, now: number) {
    this.#namespace = namespace;
    this.#now = now;
  }

  /** Gives the thread back often: whoever else works here goes on meanwhile. */
  async take(file: SourceFile): Promise<void> {
    const place = file.named ? undefined : logPlace(file.path);
    if (place !== undefined) {
      if (place.container === undefined) this.#headed(file.text);
      else this.#log(place.namespace, place.pod, place.container, place.previous, file.text.split('\n'));
      return;
    }
    this.#headed(file.text);
    this.newest = Math.max(this.newest, newestStamp(file.text, this.#now));
    this.written = Math.max(this.written, file.at ?? this.#now);
    let found = 0;
    let begun = performance.now();
    for (const document of documentsOf(file.text)) {
      if (performance.now() - begun > SLICE_MS) {
        await breathe();
        begun = performance.now();
      }
      if (document.ok) found += this.#value(document.value, file, document.line);
      else this.#trouble(`${file.name}:${document.line}`, document.because);
    }
    if (found === 0 && file.named) this.#trouble(file.name, 'there is no Kubernetes object in it');
  }

  /** What of the kinds that are read the files do not list as a whole. */
  gaps(kinds: readonly Kind[]): readonly Gap[] {
    const because = this.isDump
      ? 'the files do not list all of them: what is absent from the files is not said to be missing'
      : 'files that people write do not say what else the cluster has: what is absent from them is not said to be missing';
    return kinds.flatMap((kind): Gap[] => {
      if (this.#whole.has(kind)) return [];
      return [{ kind, except: [...(this.#within.get(kind) ?? [])], because }];
    });
  }

  log(namespace: string, pod: string, container: string, previous: boolean): readonly string[] | undefined {
    return this.#logs.get(logKey(namespace, pod, container, previous))?.lines;
  }

  hasLogs(): boolean {
    return this.#logs.size > 0;
  }

  /** What was passed over silently, as one sentence more. */
  allTroubles(): readonly Trouble[] {
    const more =
      this.#skipped > MOST_TROUBLE ? [{ what: 'more documents', because: `${this.#skipped - MOST_TROUBLE} more are not read` }] : [];
    return [...this.troubles, ...more];
  }

  /**
   * The custom kinds of which there are objects and no definition, as their definitions would be if they were there: the objects say of
   * what kind they are, and whether they have conditions or a word that sums them up.
   */
  impliedKinds(): readonly KubeObject<'CustomResourceDefinition'>[] {
    const implied = new Map<string, KubeObject<'CustomResourceDefinition'>>();
    const said = (raw: Raw, field: string) => Array.isArray(at(raw, 'status', field)) || typeof at(raw, 'status', field) === 'string';
    const defined = new Set(
      [...this.objects.values()].flatMap((o) => (o.kind === 'CustomResourceDefinition' ? [`${o.spec.group}/${o.spec.names.kind}`] : [])),
    );
    for (const { group, version, kind, raw } of this.others)
      if (group !== '' && !defined.has(`${group}/${kind}`) && ['conditions', 'phase', 'state', 'health'].some((field) => said(raw, field)))
        implied.set(`${group}/${kind}`, definitionOf(group, version, kind));
    return [...implied.values()];
  }

  #trouble(what: string, because: string): void {
    if (++this.#skipped <= MOST_TROUBLE) this.troubles.push({ what, because });
  }

  /** Objects in a value: one, those of a list, those of an array. */
  #value(value: unknown, file: SourceFile, line: number): number {
    if (Array.isArray(value)) return this.#list(value, kindOfPath(file.path), undefined, file, line);
    if (!isRaw(value)) return 0;
    const { kind, items, apiVersion } = value;
    if (typeof kind === 'string' && kind.endsWith('List') && (Array.isArray(items) || items === null)) {
      const own = kind === 'List' ? undefined : kind.slice(0, -'List'.length);
      return this.#list(
        Array.isArray(items) ? items : [],
        own ?? kindOfPath(file.path),
        typeof apiVersion === 'string' ? apiVersion : undefined,
        file,
        line,
      );
    }
    return this.#object(value, file, line) ? 1 : 0;
  }

  /** A list tells also that there are no others: everywhere where it holds those of several namespaces, else in that one. */
  #list(items: readonly unknown[], kind: string | undefined, apiVersion: string | undefined, file: SourceFile, line: number): number {
    const lists: Listed[] = [];
    let found = 0;
    for (const item of items) {
      if (!isRaw(item)) continue;
      const typed =
        item['kind'] === undefined && kind !== undefined ? { apiVersion: item['apiVersion'] ?? apiVersion, ...item, kind } : item;
      if (!this.#object(typed, file, line)) continue;
      found++;
      const own = typed['kind'];
      if (typeof own === 'string' && isKind(own) && isOfCluster(typed))
        lists.push({ kind: own, namespace: at(typed, 'metadata', 'namespace') });
    }
    // An empty list of a kind that knows no namespaces: the cluster has none.
    if (items.length === 0 && kind !== undefined && isKind(kind) && !KINDS[kind].namespaced) this.#whole.add(kind);
    // The items of a YAML list arrive one by one; what they have in common is the file.
    for (const listed of lists) this.#listed(file.name, listed);
    return found;
  }

  readonly #files = new Map<string, Map<Kind, Set<string>>>();

  #listed(file: string, { kind, namespace }: Listed): void {
    if (!KINDS[kind].namespaced) {
      this.#whole.add(kind);
      return;
    }
    if (typeof namespace !== 'string') return;
    const kinds = this.#files.get(file) ?? new Map<Kind, Set<string>>();
    this.#files.set(file, kinds);
    const within = kinds.get(kind) ?? new Set();
    kinds.set(kind, within.add(namespace));
    const known = this.#within.get(kind) ?? new Set();
    this.#within.set(kind, known.add(namespace));
    // One list with several namespaces was read with -A: every kind in it is whole.
    if (new Set([...kinds.values()].flatMap((all) => [...all])).size > 1) for (const each of kinds.keys()) this.#whole.add(each);
  }

  #object(raw: Raw, file: SourceFile, line: number): boolean {
    const { kind, apiVersion } = raw;
    if (typeof kind !== 'string') return false;
    const where = `${file.name}:${line}`;
    const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : undefined;
    if (kind === 'Event') {
      this.events.push(raw);
      return true;
    }
    if (isOfCluster(raw)) this.isDump = true;
    if (!isKind(kind) || (group !== undefined && group !== groupOf(KINDS[kind].apiVersion))) {
      if (group === undefined || typeof at(raw, 'metadata', 'name') !== 'string') return false;
      this.others.push({ group, version: String(apiVersion).split('/').at(-1) ?? '', kind, raw });
      return true;
    }
    try {
      this.#put(project(kind, complete(kind, raw, this.#namespace)));
      return true;
    } catch (error) {
      this.#trouble(where, `it is no valid ${kind}: ${reason(error)}`);
      return false;
    }
  }

  /** Of two versions of one object the later stays; where nothing tells, the one that was read last. */
  #put(object: KubeObject): void {
    const key = `${object.kind}/${objectKey(object.metadata)}`;
    const known = this.objects.get(key);
    const version = (o: KubeObject) => Number(o.metadata.resourceVersion === '' ? Number.NaN : o.metadata.resourceVersion);
    if (known !== undefined && version(known) > version(object)) return;
    this.objects.set(key, object);
  }

  #headed(text: string): void {
    if (!text.includes('==== START logs for container ')) return;
    for (const { namespace, pod, container, lines } of headedLogs(text)) this.#log(namespace, pod, container, false, lines);
  }

  #log(namespace: string, pod: string, container: string, previous: boolean, lines: readonly string[]): void {
    const kept = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    while (kept.at(-1) === '') kept.pop();
    this.#logs.set(logKey(namespace, pod, container, previous), { lines: kept.slice(-200) });
  }
}

/** As an API server would have it of an operator that was installed. */
function definitionOf(group: string, version: string, kind: string): KubeObject<'CustomResourceDefinition'> {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { properties: { status: { properties: { conditions: { type: 'array' } } } } } };
  return project('CustomResourceDefinition', {
    metadata: { name: `${plural}.${group}` },
    spec: { group, names: { kind, plural }, versions: [{ name: version, served: true, storage: true, schema }] },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  });
}

interface Listed {
  readonly kind: Kind;
  readonly namespace: unknown;
}

const logKey = (namespace: string, pod: string, container: string, previous: boolean) =>
  `${namespace}/${pod}/${container}${previous ? '/previous' : ''}`;
const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');
/** An API server gave it an identity. */
const isOfCluster = (raw: Raw) =>
  typeof at(raw, 'metadata', 'uid') === 'string' && typeof at(raw, 'metadata', 'resourceVersion') === 'string';

/** As an API server would have it: in a namespace, and what a person wrote as text beside what is encoded. */
function complete(kind: Kind, raw: Raw, fallback: string): Raw {
  const { metadata, data, stringData } = raw;
  const placed =
    isRaw(metadata) && KINDS[kind].namespaced && metadata['namespace'] === undefined ? { ...metadata, namespace: fallback } : metadata;
  const both = kind === 'Secret' && isRaw(stringData) ? { data: { ...(isRaw(data) ? data : {}), ...stringData } } : {};
  return { ...raw, metadata: placed, ...both };
}

/** What a folder or file is called after: `pods/shop.json`, `pods.json`. */
function kindOfPath(path: string): string | undefined {
  const segments = path.toLowerCase().split(/[\\/]/).reverse();
  for (const segment of segments) {
    const plain = segment.replace(/\.(?:json|ya?ml)$/, '').replaceAll('-', '');
    const kind = (plain === 'events' ? NO_KINDS : ALL_KINDS).find((k) => KINDS[k].resource === plain);
    if (kind !== undefined) return kind;
    if (plain === 'events') return 'Event';
  }
  return undefined;
}

/** Times that only a cluster writes. */
const STAMP =
  /"?(?:lastTransitionTime|lastHeartbeatTime|lastUpdateTime|lastProbeTime|creationTimestamp|lastTimestamp|eventTime|renewTime|startedAt|finishedAt)"?: "?'?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/g;

function newestStamp(text: string, now: number): number {
  let newest = '';
  const end = new Date(now).toISOString();
  for (const [, stamp = ''] of text.matchAll(STAMP)) if (stamp > newest && stamp < end) newest = stamp;
  return newest === '' ? 0 : Date.parse(`${newest}Z`);
}

/** Where a schema refuses an object, in a person's words. */
function reason(error: unknown): string {
  const issues = (error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] }).issues ?? [];
  const [issue] = issues;
  if (issue === undefined) return error instanceof Error ? error.message : String(error);
  return `${issue.path.join('.') || 'it'}: ${issue.message}`;
}
