import type { Verb } from '../verb.ts';

export const DIAGNOSE: Verb = {
  name: 'diagnose',
  summary: 'Find incidents and their causes, with a plan for each that has one',
  args: '[resource]',
  flags: [
    ['-f, --file <path...>', 'look at files instead of a cluster: manifests, dumps, support bundles, folders; - reads stdin'],
    ['--all', 'also remarks about what could be tidied: nothing is wrong there'],
    ['--fail-on <severity>', 'exit 1 when an incident is at least this bad: info, low, medium, high, critical'],
  ],
  examples: [
    'quarterdeck diagnose',
    'quarterdeck diagnose deployment/checkout -n shop',
    'quarterdeck diagnose -f dump.yaml',
    'quarterdeck diagnose deploy/checkout -f support-bundle.tar.gz manifests/',
    'kubectl get pods,deploy,rs,svc,cm,events -A -o yaml | quarterdeck diagnose -f -',
    'quarterdeck diagnose --context prod --context staging -o json',
    'quarterdeck diagnose --fail-on high',
  ],
  more:
    'With -o json one context gives one object; several give {"diagnoses":[…]}, in the order of the flags.\n' +
    'KIND is taken as kubectl takes it (po, deploy, deployments); NAME may be the beginning of the name of a pod. What follows -f are\n' +
    'paths: name the object before it. Of files nothing is asked of any cluster and no kubeconfig is needed; what they do not hold is\n' +
    'listed as not read, and what is absent from them is called missing only where they list a whole cluster or namespace.',
  load: () => import('../diagnose.ts'),
};
