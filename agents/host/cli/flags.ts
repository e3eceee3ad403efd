import { type Command, Option } from 'commander';

export type Output = 'table' | 'json' | 'yaml' | 'wide';

/** Flags that every verb takes, before or after its name. */
export interface CommonFlags {
  readonly kubeconfig?: string | undefined;
  readonly context: readonly string[];
  readonly namespace: readonly string[];
  readonly allNamespaces?: boolean;
  readonly output: Output;
  readonly dataDir?: string;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly demo?: boolean;
}

const gather = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
const gatherNames = (value: string, before: readonly string[] | undefined) => [...(before ?? []), ...value.split(',').filter(Boolean)];

export function addCommonFlags(command: Command): void {
  command
    .option('--kubeconfig <path>', 'kubeconfig file, instead of $KUBECONFIG and ~/.kube/config')
    .option('--context <name>', 'context to use; may be repeated', gather)
    .option('-n, --namespace <name>', 'namespace, or several with commas; may be repeated', gatherNames)
    .option('-A, --all-namespaces', 'all namespaces (the default)')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json', 'yaml', 'wide']))
    .option('--data-dir <path>', 'where Quarterdeck keeps its log')
    .option('--no-color', 'print without colours')
    .option('-q, --quiet', 'no progress')
    .option('--demo', 'use the demo fleet: recorded clusters, no kubeconfig needed');
}
