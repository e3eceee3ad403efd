import type { Diagnosis, Outcome } from '../../contract/index.ts';
import type { Agent } from '../../core/agent.ts';
import { diagnoseFiles } from './diagnose-files.ts';
import { refsInPile } from './named-in-pile.ts';
import { type ReadLimits, type Trouble, readGiven } from './sources.ts';

export interface GivenRequest {
  readonly files: readonly { readonly name: string; readonly content: string; readonly encoding: 'utf8' | 'base64' }[];
  readonly namespaces: readonly string[];
  readonly resource?: string | undefined;
}

/** What a carrier lets through is small; what an archive in it unpacks to is bounded here. Larger ones are for the command line. */
const LIMITS: ReadLimits = { mostFileBytes: 32 * 2 ** 20, mostBytes: 64 * 2 ** 20, mostFiles: 5_000 };

/** The diagnosis of files that were sent to the app. */
export function diagnoseGiven(agents: readonly Agent[], request: GivenRequest, now: number): Promise<Outcome<Diagnosis>> {
  const { files, namespaces, resource } = request;
  const [first, ...more] = files;
  const troubles: Trouble[] = [];
  const given = files.map(({ name, content, encoding }) => ({ name, bytes: Buffer.from(content, encoding) }));
  return diagnoseFiles(
    agents,
    readGiven(given, (trouble) => troubles.push(trouble), LIMITS),
    {
      name: more.length === 0 ? (first?.name ?? 'files') : `${first?.name ?? ''} and ${more.length} more`,
      namespaces,
      ...(resource === undefined ? {} : { about: (pile) => refsInPile(pile, resource, namespaces) }),
    },
    { now, elapsed: () => performance.now(), troubles },
  );
}
