import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';

/** What is in a namespace takes its time to go: pods end, claims are let go. Milliseconds. */
const GRACE_MS = 40_000;
/** Where nothing but content remains, and nothing says that it cannot go, a busy cluster may still be at it. Milliseconds. */
const CONTENT_GRACE_MS = 300_000;
/** What the namespace controller says of itself, the cause before what follows from it. */
const SAYING = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
];

export const namespaceStaysTerminating = defineCheck({
  code: 'NSP-001',
  title: 'A namespace stays Terminating',
  severity: 'medium',
  role: 'cause',
  kinds: ['Namespace'],
  hypothesis: 'it cannot be deleted',
  doc: `A namespace goes when everything in it has gone. It stays when an object in it waits for a finalizer, when the server cannot list a
group (an aggregated API that is not available), or when content cannot be deleted. The namespace's conditions name what remains.`,
  run: ({ view, now }) =>
    view.list('Namespace').flatMap((namespace): FindingDraft[] => {
      const { deletionTimestamp, name } = namespace.metadata;
      if (deletionTimestamp == null) return [];
      const age = now - Date.parse(deletionTimestamp);
      const said = SAYING.flatMap((type) => namespace.status.conditions.find((c) => c.type === type && c.status === 'True') ?? []);
      const [first] = said;
      const own = namespace.spec.finalizers.filter((f) => f !== 'kubernetes');
      // A group that cannot be listed does not pass by itself, but a namespace that has just begun to go has not waited for it yet.
      const grace = first?.type === 'NamespaceContentRemaining' ? CONTENT_GRACE_MS : GRACE_MS;
      if (age < grace || (first === undefined && own.length === 0)) return [];
      const ref = refOf(namespace);
      const held = first?.type === 'NamespaceContentRemaining' || first?.type === 'NamespaceFinalizersRemaining';
      return [
        {
          subject: ref,
          affects: [],
          field: own.length > 0 && first === undefined ? 'spec.finalizers' : 'status.conditions',
          message:
            `namespace ${name} has been Terminating since ${deletionTimestamp}: ` +
            `${first === undefined ? `finalizer ${own.join(', ')} of the namespace itself is not removed` : said.map((c) => (c.message ?? c.reason ?? c.type).replace(/\.$/, '')).join('; ')}`,
          evidence: [
            fieldEvidence(ref, 'metadata.deletionTimestamp', deletionTimestamp),
            ...said.map((c) => fieldEvidence(ref, `status.conditions[${c.type}]`, `${c.reason ?? ''}: ${c.message ?? ''}`)),
          ],
          // Which object it is, or which API, another check may know better.
          confidence: 0.65,
          params: { remains: held, discovery: first?.type === 'NamespaceDeletionDiscoveryFailure' },
        },
      ];
    }),
});
