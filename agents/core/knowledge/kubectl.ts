/**
 * What kubectl takes, as far as documents of ours use it: a command in a runbook that kubectl would refuse is worse than none. Verbs with
 * their flags, `s|long`, with `!` where no value follows; a test holds the table against kubectl itself where there is one.
 */

const ANYWHERE = 'as as-group as-uid context kubeconfig n|namespace request-timeout s|server token user v|v';
const PRINT = 'o|output show-managed-fields! template';
const FILES = 'f|filename k|kustomize R|recursive!';
const CHANGE = `${PRINT} ${FILES} dry-run field-manager`;
const CREATE = `${PRINT} dry-run field-manager save-config! validate`;
const LABELS = 'l|selector';

export const KUBECTL: Readonly<Record<string, string>> = {
  annotate: `${CHANGE} ${LABELS} all! A|all-namespaces! list! local! overwrite! resource-version field-selector`,
  'api-resources': 'api-group cached! categories namespaced! no-headers! o|output sort-by verbs',
  'api-versions': '',
  apply: `${CHANGE} ${LABELS} all! force! force-conflicts! grace-period overwrite! prune! server-side! subresource timeout validate wait!`,
  attach: 'c|container pod-running-timeout q|quiet! i|stdin! t|tty!',
  'auth can-i': 'A|all-namespaces! list! no-headers! q|quiet! subresource',
  'auth reconcile': `${PRINT} ${FILES} dry-run remove-extra-permissions! remove-extra-subjects!`,
  'auth whoami': PRINT,
  autoscale: `${CHANGE} cpu-percent max min name`,
  'certificate approve': `${PRINT} ${FILES} force!`,
  'certificate deny': `${PRINT} ${FILES} force!`,
  'cluster-info': '',
  'config current-context': '',
  'config delete-context': '',
  'config get-contexts': 'no-headers! o|output',
  'config rename-context': '',
  'config set-context': 'current!',
  'config use-context': '',
  'config view': `${PRINT} flatten! minify! raw!`,
  cordon: `dry-run ${LABELS}`,
  cp: 'c|container no-preserve! retries',
  'create clusterrole': `${CREATE} aggregation-rule non-resource-url resource resource-name verb`,
  'create clusterrolebinding': `${CREATE} clusterrole group serviceaccount user`,
  'create configmap': `${CREATE} append-hash! from-env-file from-file from-literal`,
  'create cronjob': `${CREATE} image restart schedule`,
  'create deployment': `${CREATE} image port r|replicas`,
  'create ingress': `${CREATE} annotation class default-backend rule`,
  'create job': `${CREATE} from image`,
  'create namespace': CREATE,
  'create poddisruptionbudget': `${CREATE} max-unavailable min-available selector`,
  'create priorityclass': `${CREATE} description global-default! preemption-policy value`,
  'create quota': `${CREATE} hard scopes`,
  'create role': `${CREATE} resource resource-name verb`,
  'create rolebinding': `${CREATE} clusterrole group role serviceaccount user`,
  'create secret docker-registry': `${CREATE} docker-email docker-password docker-server docker-username from-file`,
  'create secret generic': `${CREATE} from-env-file from-file from-literal type`,
  'create secret tls': `${CREATE} cert key`,
  'create service clusterip': `${CREATE} clusterip tcp`,
  'create service externalname': `${CREATE} external-name tcp`,
  'create serviceaccount': CREATE,
  'create token': `${PRINT} audience duration`,
  debug:
    'attach! c|container copy-to env f|filename image keep-labels! profile q|quiet! replace! same-node! set-image share-processes! i|stdin! target t|tty!',
  delete: `${FILES} ${LABELS} all! A|all-namespaces! cascade dry-run field-selector force! grace-period ignore-not-found! now! o|output timeout wait!`,
  describe: `${FILES} ${LABELS} A|all-namespaces! show-events!`,
  diff: `${FILES} ${LABELS} field-manager force-conflicts! server-side!`,
  drain: `${LABELS} delete-emptydir-data! disable-eviction! dry-run force! grace-period ignore-daemonsets! pod-selector timeout`,
  edit: `${PRINT} ${FILES} field-manager save-config! subresource validate`,
  events: `${PRINT} A|all-namespaces! for no-headers! types w|watch!`,
  exec: 'c|container f|filename pod-running-timeout q|quiet! i|stdin! t|tty!',
  explain: 'api-version o|output recursive!',
  expose: `${CHANGE} name port protocol target-port type selector l|labels`,
  get: `${PRINT} ${FILES} ${LABELS} A|all-namespaces! field-selector ignore-not-found! L|label-columns no-headers! raw show-kind! show-labels! sort-by subresource w|watch! watch-only!`,
  label: `${CHANGE} ${LABELS} all! A|all-namespaces! field-selector list! local! overwrite! resource-version`,
  logs: `${LABELS} all-containers! all-pods! c|container f|follow! ignore-errors! limit-bytes max-log-requests prefix! p|previous! since since-time tail timestamps!`,
  patch: `${CHANGE} local! p|patch patch-file subresource type`,
  'port-forward': 'address pod-running-timeout',
  replace: `${CHANGE} cascade force! grace-period subresource timeout validate wait!`,
  'rollout history': `${PRINT} ${FILES} ${LABELS} revision`,
  'rollout pause': `${PRINT} ${FILES} ${LABELS} field-manager`,
  'rollout restart': `${PRINT} ${FILES} ${LABELS} field-manager`,
  'rollout resume': `${PRINT} ${FILES} ${LABELS} field-manager`,
  'rollout status': `${FILES} ${LABELS} revision timeout w|watch!`,
  'rollout undo': `${PRINT} ${FILES} ${LABELS} dry-run to-revision`,
  run: `${CHANGE} annotations attach! command! env image image-pull-policy l|labels overrides port q|quiet! restart rm! i|stdin! t|tty!`,
  scale: `${PRINT} ${FILES} ${LABELS} all! current-replicas dry-run replicas resource-version timeout`,
  'set env': `${CHANGE} ${LABELS} all! c|containers e|env from keys list! local! overwrite! prefix resolve!`,
  'set image': `${CHANGE} ${LABELS} all! local!`,
  'set resources': `${CHANGE} ${LABELS} all! c|containers limits local! requests`,
  'set selector': `${PRINT} f|filename R|recursive! all! dry-run field-manager local! resource-version`,
  'set serviceaccount': `${CHANGE} all! local!`,
  taint: `${PRINT} ${LABELS} all! dry-run field-manager overwrite!`,
  'top node': `${LABELS} no-headers! show-capacity! sort-by`,
  'top pod': `${LABELS} A|all-namespaces! containers! field-selector no-headers! sort-by sum!`,
  uncordon: `dry-run ${LABELS}`,
  version: 'client! o|output',
  wait: `${PRINT} ${LABELS} f|filename R|recursive! all! A|all-namespaces! field-selector for timeout`,
};

/** Other names of the same. */
const CALLED: Readonly<Record<string, string>> = { 'top nodes': 'top node', 'top pods': 'top pod' };

/** Flags whose value must be one of these. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'dry-run': ['server', 'client', 'none'],
  cascade: ['background', 'foreground', 'orphan'],
  'patch type': ['json', 'merge', 'strategic'],
  // The server does not try this one out.
  'auth reconcile dry-run': ['client', 'none'],
};

/** Verbs whose object must be named, and how many words that takes at least. */
const TAKES: Readonly<Record<string, number>> = {
  annotate: 2, 'auth can-i': 0, cordon: 1, cp: 2, delete: 1, describe: 1, drain: 1, edit: 1, exec: 1, explain: 1, get: 0, label: 2, logs: 0,
  patch: 1, 'port-forward': 2, 'rollout history': 1, 'rollout restart': 1, 'rollout status': 1, 'rollout undo': 1, 'set image': 1, taint: 2,
  uncordon: 1, wait: 1,
}; // prettier-ignore

/** What a shell would run: each command of each line in the fenced blocks of a shell, as words. Lines of comments are none. */
export function commandsIn(markdown: string): { readonly line: number; readonly words: readonly string[] }[] {
  const commands: { line: number; words: readonly string[] }[] = [];
  let fence: string | undefined;
  let joined = '';
  let begun = 0;
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, mark, language] = /^ {0,3}(`{3,}|~{3,})\s*(\w*)/.exec(text) ?? [];
    if (mark !== undefined) {
      fence = fence === undefined ? `${mark}${language ?? ''}` : text.trim() === fence.replace(/\w+$/, '') ? undefined : fence;
      continue;
    }
    if (fence === undefined || !/(?:^|[`~])(?:sh|bash|shell|console)$/.test(fence)) continue;
    if (joined === '') begun = index + 1;
    joined += text.replace(/\\$/, ' ');
    if (text.endsWith('\\')) continue;
    for (const words of shellWords(joined)) commands.push({ line: begun, words });
    joined = '';
  }
  return commands;
}

/** The commands of a line, split at `|`, `&&`, `||` and `;`, without redirections. @throws Error where a quote does not end */
function shellWords(line: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote = '';
  const end = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
      else word = `${word ?? ''}${sign === '\\' && quote === '"' ? (line[(at += 1)] ?? '') : sign}`;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (sign === '#' && word === undefined) break;
    else if (sign === '\\') word = `${word ?? ''}${line[(at += 1)] ?? ''}`;
    else if (/[|;&]/.test(sign)) {
      end();
      commands.push([]);
    } else if (/\s/.test(sign)) end();
    else word = `${word ?? ''}${sign}`;
  }
  if (quote !== '') throw new Error(`a quote does not end: ${line}`);
  end();
  return commands
    .filter((words) => words.length > 0)
    .map((words) => words.filter((w, i) => !/^\d?[<>]/.test(w) && !/^\d?[<>]{1,2}$/.test(words[i - 1] ?? '')));
}

/** Why kubectl would refuse these words, behind its name, as a sentence without its end; undefined where it would not. */
export function kubectlFault(words: readonly string[]): string | undefined {
  const plain = words.filter((word) => !word.startsWith('-'));
  const verb = [3, 2, 1]
    .map((n) => plain.slice(0, n).join(' '))
    .map((name) => CALLED[name] ?? name)
    .find((name) => name in KUBECTL);
  if (verb === undefined) return `kubectl has no verb ${plain.slice(0, 2).join(' ')}`;
  const flags = new Map<string, boolean>();
  for (const flag of `${ANYWHERE} ${KUBECTL[verb]} h|help!`.split(' ')) {
    for (const name of flag.replace('!', '').split('|')) flags.set(name, flag.endsWith('!'));
  }
  const given: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (!/^-./.test(word)) {
      given.push(word);
      continue;
    }
    const [, dashes = '', name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (dashes === '-' && name.length > 1) {
      // -it is -i -t; -n5 and -ojson are a flag with its value.
      const [first = ''] = name;
      if (!flags.has(first)) return `kubectl ${verb} has no flag -${first}`;
      if (flags.get(first) === true)
        for (const more of name) if (flags.get(more) !== true) return `kubectl ${verb} has no flag -${more} without a value`;
      continue;
    }
    const alone = flags.get(name);
    if (alone === undefined || (dashes === '--') !== name.length > 1) return `kubectl ${verb} has no flag ${dashes}${name}`;
    const allowed = VALUES[`${verb} ${name}`] ?? VALUES[name];
    // --dry-run and --cascade go without a value too; then they take none from the next word.
    const next = alone || name === 'dry-run' || value !== undefined ? value : words[(at += 1)];
    if (!alone && name !== 'dry-run' && (next === undefined || next === '')) return `kubectl ${verb} ${dashes}${name} needs a value`;
    if (allowed !== undefined && next !== undefined && !allowed.includes(next))
      return `kubectl ${verb} ${dashes}${name} does not take ${next}`;
  }
  const objects = given.length - verb.split(' ').length;
  const elsewhere = words.some((word) => /^(?:-f|--filename|-l|--selector|-k|--raw|--all)/.test(word));
  return objects < (TAKES[verb] ?? 0) && !elsewhere ? `kubectl ${verb} does not say of what` : undefined;
}
