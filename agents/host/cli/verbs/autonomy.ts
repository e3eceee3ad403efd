import type { Verb } from '../verb.ts';

export const AUTONOMY: Verb = {
  name: 'autonomy',
  summary: 'The rules that say what may be done without asking',
  args: '[action] [file-or-plan]',
  flags: [],
  examples: [
    'quarterdeck autonomy',
    'quarterdeck autonomy check rules.yaml',
    'quarterdeck autonomy set rules.yaml',
    'quarterdeck autonomy explain plan-4f2k9d0a1b',
    'quarterdeck autonomy history -o json',
    'quarterdeck autonomy clear',
  ],
  more:
    'Actions: show (the default), check FILE, set FILE, clear, explain PLAN, history; - reads stdin. Without rules a person is asked for\n' +
    'everything. For each object of a plan the first rule that matches counts, of several objects the strictest answer:\n\n' +
    '  version: 1\n' +
    '  rules:\n' +
    '    - id: nothing-on-fridays\n' +
    '      match: { groups: [payments], window: { days: [fri], from: "12:00", to: "00:00", timezone: Europe/Berlin } }\n' +
    '      give: observe            # shown, and cannot be approved\n' +
    '    - id: payments-two\n' +
    '      match: { groups: [payments] }\n' +
    '      give: ask\n' +
    '      people: 2                # two different people\n' +
    '    - id: staging-small\n' +
    '      match: { contexts: ["staging-*"], actions: [patch, scale], maxRisk: low }\n' +
    '      give: auto\n' +
    '  budgets: { perClusterPerHour: 6, perWorkloadPerHour: 2 }\n' +
    '  mostObjects: 2\n' +
    '  quietHours: [{ from: "22:00", to: "06:00", timezone: Europe/Berlin }]\n\n' +
    'Never automatic, whatever is written: protected and read-only contexts, deletions, what nothing can take back, undo plans, the\n' +
    'namespaces of the cluster itself, and kinds beyond workloads, Services, Ingresses and autoscalers. The rules are autonomy.yaml of\n' +
    'the data directory, yours to edit; while they cannot be understood nothing is approved.',
  load: () => import('../autonomy.ts'),
};
