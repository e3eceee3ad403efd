import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { failingNetwork } from '../node-plugins.ts';
import { podsByNode } from '../pods-by-node.ts';
import { fieldEvidence } from '../containers.ts';
import { count } from '../scheduling-evidence.ts';
import { waitsForItsCertificate } from './kubelet-certificate-not-approved.ts';

/** A node that has just joined is not ready for a moment; one that says so for longer is not well. Milliseconds. */
const GRACE_MS = 30_000;
/** A kubelet that is restarted says that it is not ready for a moment. Milliseconds. */
const RESTART_MS = 10_000;
/** A node that was ready and is not any more needs no time: the controller has waited already (40 s by default). */
const JOINING_MS = 120_000;

export const nodeNotReady = defineCheck({
  code: 'NOD-001',
  title: 'A node is not ready',
  severity: 'critical',
  role: 'cause',
  kinds: ['Node', 'CertificateSigningRequest', ...WORKLOAD_KINDS],
  hypothesis: 'its node is not ready',
  doc: `The Ready condition of a node is False (the kubelet says why) or Unknown (the kubelet has not been heard of: it stopped, the machine is down, or the
network between). One that waits for its certificate is not heard of for that reason. Its pods count as not ready, and are made elsewhere after five minutes.`,
  run: ({ view, now, passed }) =>
    view.list('Node').flatMap((node): FindingDraft[] => {
      const ready = node.status.conditions.find((c) => c.type === 'Ready');
      const ref = refOf(node);
      if (ready === undefined || ready.status === 'True' || node.metadata.deletionTimestamp != null) {
        if (ready !== undefined) passed(ref, 'the node is ready');
        return [];
      }
      const since = Date.parse(ready.lastTransitionTime ?? '');
      const joined = Date.parse(node.metadata.creationTimestamp ?? '');
      if (now - joined < JOINING_MS && now - since < GRACE_MS) return [];
      if (ready.status === 'False' && now - since < RESTART_MS) return [];
      const pods = podsByNode(view, node.metadata.name);
      const silent = ready.status === 'Unknown';
      const plugin = /network plugin|\bcni\b/i.test(ready.message ?? '') ? failingNetwork(view, node.metadata.name) : undefined;
      return [
        {
          subject: ref,
          field: 'status.conditions[Ready]',
          // Where its network plugin is what fails, its pods suffer from that, through the node.
          ...(silent && waitsForItsCertificate(view, node.metadata.name, now) ? { role: 'symptom' as const } : {}),
          ...(plugin === undefined ? { affects: pods.map(refOf) } : { affects: [], role: 'symptom' as const, calls: [plugin.ref] }),
          message: `the node is not ready${Number.isNaN(since) ? '' : ` since ${new Date(since).toISOString()}`}: ${silent ? 'its kubelet has not been heard of (stopped, or the machine or its network is down)' : (ready.message ?? ready.reason ?? 'no reason is given')}; ${count(pods.length, 'pod')} ${pods.length === 1 ? 'is' : 'are'} on it`,
          evidence: [fieldEvidence(ref, 'status.conditions[Ready].message', `${ready.reason ?? ready.status}: ${ready.message ?? ''}`)],
          severity: pods.length === 0 ? 'high' : 'critical',
          confidence: 0.95,
          params: {
            supply: silent
              ? `look at the machine of node ${node.metadata.name}: whether it runs, whether its kubelet runs, whether it reaches the API server`
              : `look at the kubelet of node ${node.metadata.name}; it says: ${ready.message ?? ready.reason ?? ''}`,
          },
        },
      ];
    }),
});
