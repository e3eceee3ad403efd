import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { IMAGE_KINDS } from '../image-faults.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const correctImageReference = defineRemedy({
  name: 'correct-image-reference',
  codes: ['IMG-001', 'IMG-002', 'IMG-003', 'IMG-004', 'IMG-005', 'IMG-006', 'IMG-007'],
  kinds: IMAGE_KINDS,
  doc: `Where the right value follows: the same image name without what no name can have, the pull secret that exists, a pull policy that allows
to pull. Which tag was meant nobody but the team knows; then it says what to supply.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    if (w === undefined || finding.field === undefined) return undefined;
    const { meant, image, wanted, supply: said } = finding.params;
    const plan = (title: string, because: string, ops: readonly JsonPatchOp[]) =>
      changeOrAdvice(w, ops, { remedy: 'correct-image-reference', title, because, verify: [finding.code] });
    if (finding.code === 'IMG-001' && typeof meant === 'string' && typeof image === 'string')
      return plan(
        `Write the image name as ${meant}`,
        `${JSON.stringify(image)} is not a valid name, and this is the same name in the valid form`,
        replaceValue(finding.field, image, meant),
      );
    if (finding.code === 'IMG-005')
      return plan('Allow the image to be pulled when the node lacks it', 'imagePullPolicy is Never and the image is not on the node', [
        { op: 'test', path: pointer(finding.field), value: 'Never' },
        { op: 'replace', path: pointer(finding.field), value: 'IfNotPresent' },
      ]);
    if (finding.code === 'IMG-006' && typeof meant === 'string' && typeof wanted === 'string')
      return plan(
        `Use the pull secret ${meant} instead of ${wanted}`,
        `${wanted} does not exist and ${meant} is the registry secret of the namespace that was probably meant`,
        replaceValue(finding.field, wanted, meant),
      );
    const supply = {
      'IMG-002': 'Name an image and tag that exist, or push this one.',
      'IMG-003': 'Correct the registry in the image name, or give the node a way to it (DNS, proxy, firewall, trust).',
      'IMG-004': 'Name a pull secret with credentials for this registry in imagePullSecrets, or correct the repository name.',
      'IMG-007':
        'Pull with an account that may pull more (imagePullSecrets), from a mirror of your own, or wait until the registry allows it again.',
      'IMG-006': `Create the registry secret ${String(wanted)}, or name one that exists.`,
    };
    const advice = typeof said === 'string' ? said : (supply[finding.code as keyof typeof supply] as string | undefined);
    return advice === undefined ? undefined : { advice };
  },
});
