import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';

const TLS = 'kubernetes.io/tls';
/** Annotations of what makes the Secret by itself, a moment after the Ingress. */
const MADE_BY = /^(?:cert-manager\.io\/|acme\.|networking\.gke\.io\/managed-certificates|kubernetes\.io\/tls-acme)/;
/** How long that may take before it is worth a word. Milliseconds. */
const MAKING_MS = 120_000;

export const ingressSecretDoesNotExist = defineCheck({
  code: 'ING-004',
  title: 'The TLS Secret of an Ingress is missing or is none',
  severity: 'high',
  role: 'cause',
  kinds: ['Ingress', 'Secret'],
  hypothesis: 'its TLS Secret is missing',
  doc: `The Secret with the certificate of an Ingress must be in its namespace and hold tls.crt and tls.key. Without it controllers serve their own
self-signed certificate, or nothing, for these hosts. Where an annotation says that something else makes the Secret, it gets time for that.`,
  run: ({ view, now }) =>
    view.list('Ingress').flatMap((ingress) => {
      const { namespace, annotations, creationTimestamp } = ingress.metadata;
      if (!view.complete('Secret', namespace) || isNew(ingress, now)) return [];
      const made = Object.keys(annotations).some((key) => MADE_BY.test(key));
      if (made && now - Date.parse(creationTimestamp ?? '') < MAKING_MS) return [];
      const ref = refOf(ingress);
      const suited = view.list('Secret', namespace).filter((s) => s.type === TLS);
      return ingress.spec.tls.flatMap(({ secretName, hosts }, i) => {
        if (secretName === undefined || secretName === '') return [];
        const field = `spec.tls[${i}].secretName`;
        const secret = view.get('Secret', namespace, secretName);
        const keys = secret?.data.map((k) => k.name) ?? [];
        const lacking = ['tls.crt', 'tls.key'].filter((key) => !keys.includes(key));
        if (secret !== undefined && lacking.length === 0) return [];
        const right = nearest(
          secretName,
          suited.map((s) => s.metadata.name).filter((n) => n !== secretName),
        );
        const what = secret === undefined ? 'does not exist' : `has no ${lacking.join(' and no ')}`;
        return [
          {
            subject: ref,
            field,
            affects: [],
            message: `Secret ${secretName} for the TLS of ${names(hosts) || 'the Ingress'} ${what}; ${right === undefined ? (made ? 'what should have made it has not' : `make one of type ${TLS} with tls.crt and tls.key`) : `was ${right} meant?`}`,
            evidence: [
              fieldEvidence(ref, field, secretName),
              ...(secret === undefined ? [] : [fieldEvidence(refOf(secret), 'data', names(keys) || 'no keys')]),
            ],
            confidence: 0.95,
            params: {
              wanted: secretName,
              kind: 'Secret',
              wrong: secretName,
              ...(right === undefined
                ? { supply: `make the Secret ${secretName} from a certificate for ${names(hosts) || 'its hosts'}` }
                : { right }),
            },
          },
        ];
      });
    }),
});
