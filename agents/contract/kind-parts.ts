import { z } from 'zod';
import { hostsIn } from './hosts.ts';
import { LabelSelectorSchema, int, intOrString, list, orEmpty, strings, text } from './kind-fields.ts';
import { suspiciousText } from './suspicious-text.ts';

/** What is kept of the parts of kinds that are no pods. */

/** Base64 of what ends in a line break, and the length up to which that is worth a word: longer values are files. */
const ENDS_IN_BREAK = /(?:Cg==|[AQgw]o=|[AEIMQUYcgkosw048]K)$/;
const SHORT = 256;
/** Of each key how long its value is, in Base64; of a short one also whether it ends in a line break, which nobody sees. */
export const dataKeys = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) =>
    Object.entries(v ?? {}).map(([name, value]): { name: string; size: number; endsInBreak?: true } => ({
      name,
      size: value.length,
      ...(value.length <= SHORT && ENDS_IN_BREAK.test(value) ? { endsInBreak: true } : {}),
    })),
  );

export const PolicyPeerSchema = z.object({
  podSelector: LabelSelectorSchema,
  namespaceSelector: LabelSelectorSchema,
  ipBlock: z.object({ cidr: z.string(), except: strings }).optional(),
});
export const PolicyPortSchema = z.object({ protocol: text, port: intOrString.optional(), endPort: int });

export const rules = list(
  z.object({ verbs: strings, apiGroups: strings, resources: strings, resourceNames: strings, nonResourceURLs: strings }),
);
export const binding = {
  roleRef: orEmpty(z.object({ kind: z.string().default(''), name: z.string().default('') })),
  subjects: list(z.object({ kind: z.string(), name: z.string(), namespace: text })),
};

export const ServiceAtSchema = z.object({ namespace: z.string().default(''), name: z.string().default(''), port: int });
export const webhooks = list(
  z.object({
    name: z.string(),
    clientConfig: orEmpty(
      z.object({
        url: text,
        service: ServiceAtSchema.nullish(),
        /** Base64 of PEM: public. */
        caBundle: text,
      }),
    ),
    failurePolicy: text,
    timeoutSeconds: int,
    rules: list(z.object({ operations: strings, apiGroups: strings, apiVersions: strings, resources: strings, scope: text })),
    namespaceSelector: LabelSelectorSchema,
    objectSelector: LabelSelectorSchema,
  }),
);
export const ParentRefSchema = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: z.string().default(''),
  sectionName: text,
  port: int,
});

/** Of the routes of a VirtualService where they lead: a host, and a subset of what is behind it. */
const DestinationSchema = z.object({ host: z.string().default(''), subset: text });
export const MeshRoutesSchema = list(
  z.object({ route: list(z.object({ destination: DestinationSchema, weight: int })), mirror: DestinationSchema.optional() }),
);

/** A value longer than this is a program or a table, no setting; and so many addresses are a list of something else. */
const MOST_SETTING = 32 * 1024;
const MOST_HOSTS = 30;
const NO_HOSTS: readonly string[] = [];
/** Of a ConfigMap also the hosts that a value names as addresses: whom its users call; and what of it is written to be obeyed. */
export const configData = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) =>
    Object.entries(v ?? {}).map(([name, value]) => {
      const hosts = value.length > MOST_SETTING ? NO_HOSTS : hostsIn(value, false);
      const suspicious = suspiciousText(value)?.kind;
      return {
        name,
        size: value.length,
        hosts: hosts.length === 0 ? NO_HOSTS : hosts.slice(0, MOST_HOSTS),
        ...(suspicious === undefined ? {} : { suspicious }),
      };
    }),
  );
