import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js';
import ElkWorker from 'elkjs/lib/elk-worker.min.js?worker';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Failure, Surrounding, Surroundings } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { linkToObject } from '../explore/places.ts';
import { useClient } from '../state/bridge-context.ts';
import { useShows } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { partsOfKey } from './fleet-model.ts';
import { NODE_H, NODE_W, type Side, askOf, besideOf, shapeOf } from './graph.ts';
import { RESOURCES } from './places.ts';

const READ_AGAIN_MS = 5_000;
const SIDES: Readonly<Record<string, Side>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const TONES: Readonly<Record<Surrounding['health'], string>> = {
  ok: 'well',
  progressing: 'changing',
  warn: 'degraded',
  fail: 'broken',
  unknown: 'unknown',
};
const WORDS: Readonly<Record<Surrounding['health'], string>> = {
  ok: '',
  progressing: 'changing',
  warn: 'degraded',
  fail: 'broken',
  unknown: 'not known',
};

interface Data extends Record<string, unknown> {
  readonly node: Surrounding;
  readonly middle: boolean;
  readonly chosen: boolean;
}

/** One object in the middle: what depends on it to the left, what it depends on to the right. */
export function Around({ of }: { of: string }) {
  const [context = '', namespace = '', kind = '', name = ''] = partsOfKey(of);
  useShows(context);
  const { found, failure } = useSurroundings(context, namespace, kind, name);
  const { places, problem } = usePlaces(found);
  const [at, setAt] = useState<string | undefined>(undefined);
  const flow = useRef<ReactFlowInstance<Node<Data>> | undefined>(undefined);
  const chosen = at ?? found?.middle;
  const nodes = useMemo(
    () =>
      (found?.nodes ?? []).flatMap((node): Node<Data>[] => {
        const place = places?.get(node.id);
        return place === undefined
          ? []
          : [
              {
                id: node.id,
                type: 'thing',
                position: place,
                width: NODE_W,
                height: NODE_H,
                data: { node, middle: node.id === found?.middle, chosen: node.id === chosen },
              },
            ];
      }),
    [found, places, chosen],
  );
  const edges = useMemo(
    () =>
      (found?.edges ?? []).map(({ from, to, how }): Edge => ({
        id: `${from} ${how} ${to}`,
        source: from,
        target: to,
        label: how,
        className: from === chosen || to === chosen ? 'near' : '',
      })),
    [found, chosen],
  );
  const move = (event: KeyboardEvent) => {
    const side = SIDES[event.key];
    if (side !== undefined && chosen !== undefined && places !== undefined && found !== undefined) {
      event.preventDefault();
      const next = besideOf(chosen, places, found.edges, side);
      const place = next === undefined ? undefined : places.get(next);
      if (next === undefined || place === undefined) return;
      setAt(next);
      void flow.current?.setCenter(place.x + NODE_W / 2, place.y + NODE_H / 2, {
        zoom: Math.max(0.8, flow.current.getZoom()),
        duration: 140,
      });
    } else if (event.key === 'Enter' || event.key === '.') {
      const node = found?.nodes.find((n) => n.id === chosen);
      const link = node === undefined ? undefined : linkToNode(context, node);
      if (link !== undefined) window.location.hash = link;
    } else if (event.key === 'Escape') window.location.hash = linkTo('fleet');
  };
  const said = found?.nodes.find((n) => n.id === chosen);
  return (
    <div className="around" onKeyDown={move}>
      <div className="map-bar">
        <a className="map-back" href={linkTo('fleet')}>
          <Icon name="back" size={16} /> Fleet
        </a>
        <h1 className="map-way">
          <span className="row-meta">{kind}</span>&nbsp;
          <span className="name" dir="auto">
            {namespace === '' ? name : `${namespace}/${name}`}
          </span>
          &nbsp;<span className="row-meta">in {context}</span>
        </h1>
        {found !== undefined && (
          <span className="hint">
            {found.nodes.length - 1} {found.nodes.length === 2 ? 'thing' : 'things'} around it
            {found.rolledUp > 0 && `, ${found.rolledUp} of them counted together`}
          </span>
        )}
      </div>
      {failure !== undefined && <Problem failure={failure} />}
      {problem !== undefined && <Problem failure={{ code: 'internal', message: `The graph could not be laid out: ${problem}` }} />}
      {found === undefined && failure === undefined && <p className="p-5 text-ink-3">Reading…</p>}
      {found !== undefined && found.nodes.length === 1 && (
        <div className="empty">
          <h2>Nothing is known to stand in relation to it</h2>
          <p>No Service selects it, nothing names it, and it names nothing that is watched.</p>
        </div>
      )}
      {found !== undefined && found.nodes.length > 1 && (
        <>
          <div
            className="around-graph"
            tabIndex={0}
            role="application"
            aria-label={`What ${name} depends on, and what depends on it. Arrows move, Enter opens.`}
          >
            {places !== undefined && (
              <ReactFlow
                nodes={nodes}
                edges={edges}
                nodeTypes={TYPES}
                onInit={(instance) => (flow.current = instance)}
                onNodeClick={(_event, node) => setAt(node.id)}
                onNodeDoubleClick={(_event, { data }) => {
                  const link = linkToNode(context, data.node);
                  if (link !== undefined) window.location.hash = link;
                }}
                nodesDraggable={false}
                nodesConnectable={false}
                nodesFocusable={false}
                edgesFocusable={false}
                onlyRenderVisibleElements
                disableKeyboardA11y
                fitView
                fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
                minZoom={0.05}
              >
                <Background gap={24} />
                <Controls showInteractive={false} />
              </ReactFlow>
            )}
          </div>
          <p className="unseen" role="status">
            {said !== undefined &&
              `${said.resource.kind} ${said.resource.name}, ${said.count > 1 ? `${said.count} of them, ` : ''}${said.state} ${WORDS[said.health]}`}
          </p>
        </>
      )}
    </div>
  );
}

function Thing({ data: { node, middle, chosen } }: NodeProps<Node<Data>>) {
  const { resource, count, state, health } = node;
  return (
    <div
      className={`thing tone-${TONES[health]}${middle ? ' middle' : ''}${chosen ? ' chosen' : ''}`}
      title={`${resource.kind} ${resource.namespace ?? ''}/${resource.name}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="thing-kind">
        {count > 1 ? `${count} ${resource.kind}s` : resource.kind}
        <span>{state}</span>
      </span>
      <span className="name" dir="auto">
        {count > 1 ? `${resource.name}, …` : resource.name}
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
const TYPES = { thing: Thing };

function linkToNode(context: string, { resource: { kind, namespace, name }, count }: Surrounding): string | undefined {
  const resource = RESOURCES[kind];
  if (resource === undefined) return undefined;
  if (count > 1) return linkTo('explore', resource, { in: context });
  return linkToObject({ kind: resource, context, namespace, name });
}

/** What is around the object now: asked again while it is looked at. */
function useSurroundings(context: string, namespace: string, kind: string, name: string) {
  const client = useClient();
  const live = usePage((s) => s.phase === 'live');
  const [found, setFound] = useState<Surroundings | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      try {
        const answer = await client.surroundings.of({ context, kind, name, ...(namespace === '' ? {} : { namespace }) });
        if (gone) return;
        setFound(answer);
        setFailure(undefined);
      } catch (error) {
        if (!gone) setFailure(failureOf(error));
      }
      if (!gone) timer = setTimeout(() => void read(), READ_AGAIN_MS);
    };
    if (live) void read();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, context, namespace, kind, name, live]);
  return { found, failure };
}

/** Where things are. Laid out anew only when who is there or who depends on whom is another; never because a state changed. */
function usePlaces(found: Surroundings | undefined) {
  const [laid, setLaid] = useState<{ places: ReadonlyMap<string, { x: number; y: number }>; problem: string | undefined } | undefined>(
    undefined,
  );
  // Beside the page, so that the page goes on listening meanwhile.
  const elk = useRef<InstanceType<typeof ELK> | undefined>(undefined);
  useEffect(() => {
    const made = new ELK({ workerFactory: () => new ElkWorker() });
    elk.current = made;
    return () => {
      made.terminateWorker();
      elk.current = undefined;
    };
  }, []);
  const shape = found === undefined ? undefined : shapeOf(found);
  const graph = useRef(found);
  useEffect(() => {
    graph.current = found;
  });
  useEffect(() => {
    const now = graph.current;
    if (elk.current === undefined || now === undefined || shape === undefined) return;
    let over = false;
    const done = (places: ReadonlyMap<string, { x: number; y: number }>, problem?: string) => {
      if (!over) setLaid({ places, problem });
    };
    elk.current.layout(askOf(now) as unknown as ElkNode).then(
      ({ children = [] }) => done(new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }]))),
      (error: unknown) => done(new Map(), error instanceof Error ? error.message : String(error)),
    );
    return () => {
      over = true;
    };
  }, [shape]);
  return { places: laid?.places, problem: laid?.problem };
}
