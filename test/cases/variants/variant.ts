import { type Expectation, type FaultCase, type ObjectName, isControl } from '../case.ts';
import { type Condition, type RawObject, ready, rolledOut } from '../conditions.ts';
import type { Script } from '../script.ts';
import { faultyWorkload, kindsFor, mayBeShuffled, positionsFor } from './allowed.ts';
import { Dice } from './dice.ts';
import { original } from './lens.ts';
import { type Position, atPosition, placeOf } from './position.ts';
import { renaming } from './rename.ts';
import { type Workload, asKind, isWorkload, podSpecPath } from './workload-kind.ts';

/** The same fault in other clothes, made from a case and a seed; what must be said of it is changed in the same way. */

type FaultScript = Script & { readonly case: FaultCase };

export const isFaultScript = (script: Script): script is FaultScript => !isControl(script.case);

/** What belongs to the whole cluster by one name only cannot be there twice. */
export const canVary = (script: Script): script is FaultScript => isFaultScript(script) && script.case.alone !== true;

/** `02-variable-lost-in-a-change~k3f9`: the case and the seed, all that is needed to make it again. */
export const variantId = (id: string, seed: number): string => `${id}~${seed.toString(36)}`;

export function readVariantId(text: string): { readonly id: string; readonly seed: number } | undefined {
  const [id, seed] = text.split('~');
  return id === undefined || seed === undefined || !/^[0-9a-z]+$/.test(seed) ? undefined : { id, seed: Number.parseInt(seed, 36) };
}

const PATIENCE_MS = 75_000;
/** The schedule fires once a minute. */
const PATIENCE_CRON_MS = 140_000;
const ADJECTIVES = ['blue', 'quiet', 'north', 'late', 'iron', 'small', 'prod', 'eu-west', 'team-7', 'qa'];

/** Seeds that follow each other go through the kinds of workload in turn. */
export function variantOf(script: FaultScript, seed: number): Script {
  const c = script.case;
  const dice = new Dice(seed);
  const workload = faultyWorkload(script);
  const kinds = kindsFor(script);
  const kind: Workload | undefined = kinds[seed % Math.max(1, kinds.length)];
  const position = dice.pick(positionsFor(script, kind));
  const faulty = workload !== undefined && isWorkload(workload.kind) ? workload.kind : undefined;
  const names = renaming([...script.before, ...script.objects], dice);
  const companion = dice.pick(['companion', 'exporter', 'tail', 'mesh-proxy']);

  const changed = (object: RawObject): RawObject[] => {
    const same = workload !== undefined && object.kind === workload.kind && object.metadata.name === workload.metadata.name;
    const moved = same ? atPosition(object, position, companion) : object;
    const renamed = names.object(moved);
    return same && kind !== undefined ? asKind(renamed, kind) : [renamed];
  };
  const extra = innocents(dice);
  const hasBefore = script.before.length > 0;
  const objects = [...(hasBefore ? [] : extra), ...script.objects.flatMap(changed)];
  const namespace = `${dice.pick(ADJECTIVES)}-${dice.throw(36 ** 5).toString(36)}`;
  const sameKind = kind === undefined || kind === workload?.kind;
  const name = (o: ObjectName): ObjectName => ({ kind: o.kind, name: names.text(o.name) });
  const lens = original(names.words);
  const field = c.expect.field === undefined ? {} : { field: fieldOf(names.text(c.expect.field), kind ?? faulty, position) };
  const told = ({ codes, kind: of, name: who, mentions }: Expectation): Expectation => {
    return { codes, kind: of, name: names.text(who), mentions: mentions.map(names.text) };
  };
  return {
    namespace,
    patienceMs: kind === 'CronJob' ? PATIENCE_CRON_MS : PATIENCE_MS,
    before: hasBefore ? [...extra, ...script.before.flatMap(changed)] : [],
    objects: mayBeShuffled(objects) ? dice.shuffled(objects) : objects,
    undo: script.undo.map((o) => names.object(o)),
    says: [kind ?? c.expect.kind, position].join(', '),
    case: {
      id: variantId(c.id, seed),
      family: c.family,
      title: c.title,
      bystanders: c.bystanders.map(name),
      // A port of the node is there once, whoever asks for it.
      ...(JSON.stringify(objects).includes('"hostPort"') ? { alone: true } : {}),
      // What another kind of workload shows is not what the case's condition looks for: from the beginning, and with patience.
      visible: sameKind && position === 'alone' ? lens(c.visible) : () => true,
      expect: { ...told(c.expect), kind: workload === undefined ? c.expect.kind : (kind ?? c.expect.kind), ...field },
      ...(c.also === undefined
        ? {}
        : { also: c.also.map((other) => ({ ...told(other), ...(other.field === undefined ? {} : { field: names.text(other.field) }) })) }),
      ...(c.proposes === undefined ? {} : { proposes: c.proposes }),
      repair: repairOf(c, kind, sameKind, lens, names.text(c.expect.name)),
      // What a person must supply may be put otherwise for another kind of workload.
      ...(c.advice === undefined ? {} : { advice: sameKind ? c.advice.map(names.text) : [] }),
    },
  };
}

function repairOf(
  c: FaultCase,
  kind: Workload | undefined,
  sameKind: boolean,
  lens: (condition: Condition) => Condition,
  name: string,
): FaultCase['repair'] {
  if (c.repair === null) return null;
  if (sameKind) return { ...c.repair, after: lens(c.repair.after) };
  // The steps differ between kinds; what they must come to does not.
  return {
    actions: 'any',
    maxRisk: 'destructive',
    after: kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet' ? rolledOut(kind, name) : ready(name),
  };
}

/** Things that have nothing to do with the fault. */
function innocents(dice: Dice): RawObject[] {
  const name = `${dice.pick(['kiosk', 'banner', 'sitemap'])}-${dice.throw(1000)}`;
  const labels = { 'app.kubernetes.io/name': name };
  const container = {
    name: 'site',
    image: 'quarterdeck/workload:2',
    imagePullPolicy: 'IfNotPresent',
    args: ['serve', '-port', '8085'],
    ports: [{ name: 'site', containerPort: 8085 }],
    resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { cpu: '100m', memory: '32Mi' } },
  };
  const deployment: RawObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
    },
  };
  const service: RawObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: labels, ports: [{ name: 'site', port: 80, targetPort: 'site' }] },
  };
  return dice.pick([[], [], [service, deployment], [deployment, service]]);
}

function fieldOf(field: string, kind: Workload | undefined, position: Position): string {
  if (kind === undefined) return field;
  return field
    .replace(/^spec\.template\.spec/, podSpecPath(kind))
    .replace(/(?<![A-Za-z])containers\[(\d+)\]/, (_, index: string) => placeOf(position, Number(index)));
}
