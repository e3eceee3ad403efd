import { type ActionSpec, type ResourceRef } from '../../contract/index.ts';
import { redact } from '../redact.ts';

/** What one types into a shell as one word, whatever is in it. */
const word = (text: string) => (/^[A-Za-z0-9._/:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** `deployment.apps web -n shop`: the group keeps kinds of the same name apart. */
function named({ apiVersion, kind, namespace, name }: ResourceRef): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0] ?? ''}` : '';
  return `${word(`${kind.toLowerCase()}${group}`)} ${word(name)}${namespace === undefined ? '' : ` -n ${word(namespace)}`}`;
}

/** The kubectl command that does what an action did; undefined where it would show what must not be kept. */
export function commandOf(spec: ActionSpec): string | undefined {
  const command = written(spec);
  return spec.target.kind === 'Secret' || redact(command) !== command ? undefined : command;
}

function written(spec: ActionSpec): string {
  const target = named(spec.target);
  switch (spec.type) {
    case 'patch': {
      // What was tested held then; whoever types this looks first.
      const ops = spec.ops.filter((op) => op.op !== 'test');
      return `kubectl patch ${target} --type=json -p ${word(JSON.stringify(ops))}`;
    }
    case 'scale':
      return `kubectl scale ${target} --replicas=${spec.replicas}`;
    case 'restart-rollout':
      return `kubectl rollout restart ${target}`;
    case 'undo-rollout':
      return `kubectl rollout undo ${target}`;
    case 'create':
      return `kubectl create -f - <<'END'\n${JSON.stringify(spec.manifest, null, 2)}\nEND`;
    case 'delete':
      return `kubectl delete ${target}`;
  }
}

/** The commands in a runbook, as they stand in its blocks of shell. */
export function commandsIn(runbook: string): string[] {
  const blocks = [...runbook.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', body = '']) =>
    body.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)),
  );
  return blocks.flatMap((lines) => {
    const commands: string[] = [];
    let end: string | undefined;
    for (const line of lines) {
      if (end !== undefined) {
        commands.push(`${commands.pop() ?? ''}\n${line}`);
        if (line === end) end = undefined;
      } else if (line.trim() !== '') {
        commands.push(line);
        end = /<<'?(\w+)'?$/.exec(line)?.[1];
      }
    }
    return commands;
  });
}
