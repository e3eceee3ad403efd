import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { field, pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { names } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { blame, stuckWorkloads } from '../scheduling.ts';
import { replaceByHand, replaceValue, templateChange } from '../template-change.ts';

/** `disk=ssd on node-1, node-2`: what nodes offer under the keys that were asked for. */
function offers(nodes: readonly { metadata: { name: string; labels: Readonly<Record<string, string>> } }[], key: string): string {
  const byValue = new Map<string, string[]>();
  for (const n of nodes) {
    const value = n.metadata.labels[key];
    if (value !== undefined) byValue.set(value, [...(byValue.get(value) ?? []), n.metadata.name]);
  }
  return [...byValue].map(([value, on]) => `${key}=${value} on ${names(on, 3)}`).join('; ');
}

export const correctNodeSelector = defineRemedy({
  name: 'correct-node-selector',
  codes: ['SCH-001', 'SCH-002'],
  kinds: SCHEDULING_KINDS,
  doc: `Writes the label that nodes have where exactly one is near to what was asked for, and only where the pods then find a node.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    const stuck = stuckWorkloads(view).find(
      (s) => s.workload === workload && (s.blame?.stage === 'selector' || s.blame?.stage === 'affinity'),
    );
    if (workload === undefined || stuck === undefined || finding.field === undefined) return undefined;
    const { key, value, meantKey, meantValue } = finding.params;
    const choice = typeof key === 'string' ? offers(view.list('Node'), key) : '';
    const advice =
      `Label a node so that it fits${typeof key === 'string' ? ` (kubectl label node NAME ${key}=${String(value)})` : ''}, ` +
      `or change ${finding.field} to what nodes have${choice === '' ? '' : `: ${choice}`}.`;
    if (typeof key !== 'string' || typeof value !== 'string' || typeof meantKey !== 'string' || typeof meantValue !== 'string')
      return { advice };
    const isSelector = finding.code === 'SCH-001';
    const { nodeSelector } = stuck.spec;
    const { [key]: _wrong, ...rest } = nodeSelector;
    const corrected = isSelector ? { ...stuck.spec, nodeSelector: { ...rest, [meantKey]: meantValue } } : stuck.spec;
    const left = blame({ spec: corrected, namespace: workload.namespace, labels: workload.template.metadata.labels }, view);
    if (isSelector && left !== undefined) return { advice };
    const ops = isSelector
      ? selectorOps(`${workload.specPath}.nodeSelector`, key, value, meantKey, meantValue)
      : meantKey === key
        ? replaceValue(`${finding.field}.values[0]`, value, meantValue)
        : replaceValue(`${finding.field}.key`, key, meantKey);
    const actions = templateChange(workload, ops, stuck.pods);
    if (actions === undefined) return { advice: replaceByHand(workload, `write ${meantKey}=${meantValue} instead of ${key}=${value}`) };
    return {
      plans: [
        {
          remedy: 'correct-node-selector',
          title: `Ask for nodes with ${meantKey}=${meantValue} instead of ${key}=${value}`,
          because: `no node has ${key}=${value}; ${offers(view.list('Node'), meantKey)}`,
          actions: [...actions],
          verify: [finding.code],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});

function selectorOps(path: string, key: string, value: string, meantKey: string, meantValue: string): JsonPatchOp[] {
  if (key === meantKey) return replaceValue(field(path, key), value, meantValue);
  return [
    { op: 'test', path: pointer(field(path, key)), value },
    { op: 'remove', path: pointer(field(path, key)) },
    { op: 'add', path: pointer(field(path, meantKey)), value: meantValue },
  ];
}
