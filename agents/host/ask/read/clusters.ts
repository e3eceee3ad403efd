import type { AskParts, Turn } from '../turn.ts';

/** Which clusters there are, and how each stands. Nothing is connected for that. */
export async function tellClusters({ ports, orchestrator, marks }: AskParts, turn: Turn): Promise<void> {
  const { contexts } = await ports.kube.kubeconfig();
  const rows = marks.all(contexts).map((c) => orchestrator.row(c));
  turn.foundIn('cluster');
  if (rows.length === 0) {
    turn.draft.say('well', 'No cluster is configured: quarterdeck contexts add FILE names one.');
    return;
  }
  const count = `${rows.length} ${rows.length === 1 ? 'context' : 'contexts'}: ${rows.filter((r) => r.state === 'connected').length} connected`;
  const lines = rows.map((r) => `${r.name}: ${r.state}${r.version === null ? '' : `, ${r.version}`}${r.protected ? ', protected' : ''}`);
  const cited = {
    kind: 'read',
    context: null,
    of: 'clusters',
    resource: null,
    source: 'quarterdeck contexts',
    text: [count, lines.join('\n')].join('\n'),
  } as const;
  turn.draft.quote('Now', count, cited);
  turn.draft.quote('Now', lines.join('\n'), cited);
}
