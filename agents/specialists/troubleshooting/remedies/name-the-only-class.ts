import { defineRemedy } from '../../../core/agent.ts';
import { names } from '../scheduling-evidence.ts';
import { STORAGE_KINDS, classNames, ofTemplate, wouldServe } from '../storage.ts';

export const nameTheOnlyClass = defineRemedy({
  name: 'name-the-only-class',
  codes: ['VOL-003'],
  kinds: STORAGE_KINDS,
  doc: `The class of a claim that names none may be set once. Done where the cluster has exactly one class; which of several to take, or
which should be the default for everybody, is a person's choice.`,
  run: ({ finding, view }) => {
    if (finding.subject.kind === 'StatefulSet') return { advice: ofTemplate(finding.subject.name, classNames(view)) };
    const claim = view.get('PersistentVolumeClaim', finding.subject.namespace, finding.subject.name);
    if (claim === undefined) return undefined;
    const all = view.list('StorageClass').map((c) => c.metadata.name);
    const advice =
      all.length === 0
        ? 'The cluster has no storage class: install a provisioner with its class, or make a PersistentVolume without a class that fits.'
        : `Mark one class as the default (annotation storageclass.kubernetes.io/is-default-class: "true"), or set spec.storageClassName of the claim; classes there are: ${names(all)}.`;
    const { only } = finding.params;
    if (typeof only !== 'string' || !wouldServe(view, claim, only)) return { advice };
    return {
      plans: [
        {
          remedy: 'name-the-only-class',
          title: `Give the claim ${claim.metadata.name} the StorageClass ${only}`,
          because: `the claim names no class, no class is the default, and ${only} is the only one there is`,
          actions: [{ type: 'patch', target: finding.subject, ops: [{ op: 'add', path: '/spec/storageClassName', value: only }] }],
          verify: ['VOL-003'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
      advice,
    };
  },
});
