import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';

/** `name.namespace.svc.DOMAIN`: a name of this cluster. */
const IN_CLUSTER = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.([a-z0-9.-]+?))?\.?$/;
/** A cluster may have another domain; what is nearly the usual one is meant to be it. */
const DOMAIN = 'cluster.local';
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

export const externalNameLeadsNowhere = defineCheck({
  code: 'SVC-012',
  title: 'An ExternalName Service leads nowhere',
  severity: 'medium',
  role: 'cause',
  kinds: ['Service', 'Namespace'],
  hypothesis: 'the name it stands for leads nowhere',
  doc: `A Service of type ExternalName is only another name in DNS. It leads nowhere where it stands for a Service of this cluster that does not exist, and where an
IP address is written in place of a name: DNS does not take that for an address. Whether a name outside the cluster exists is not asked.`,
  run: ({ view, now, passed }) =>
    view.list('Service').flatMap((service): FindingDraft[] => {
      const { type, externalName = '' } = service.spec;
      if (type !== 'ExternalName' || isNew(service, now)) return [];
      const ref = refOf(service);
      const said = (message: string, params: FindingDraft['params'] = {}): FindingDraft[] => [
        {
          subject: ref,
          field: 'spec.externalName',
          affects: [],
          message,
          evidence: [fieldEvidence(ref, 'spec.externalName', externalName)],
          confidence: 0.93,
          params: { wrong: externalName, ...params },
        },
      ];
      if (ADDRESS.test(externalName))
        return said(`externalName ${externalName} is an address, not a name, so the Service does not resolve`, {
          supply: `name the host, or make a Service without a selector and an EndpointSlice with ${externalName}`,
        });
      const [, name, namespace, domain] = IN_CLUSTER.exec(externalName) ?? [];
      if (domain !== undefined && domain !== DOMAIN && nearest(domain, [DOMAIN]) !== undefined) {
        const right = externalName.replace(domain, DOMAIN);
        return said(`externalName ${externalName} ends in ${domain}, a domain that nobody answers for; was ${right} meant?`, { right });
      }
      if (name === undefined || namespace === undefined || !view.complete('Service', namespace)) return [];
      if (view.get('Service', namespace, name) !== undefined) {
        passed(ref, `Service ${name} in ${namespace} is there`);
        return [];
      }
      const near = nearest(
        name,
        view.list('Service', namespace).map((s) => s.metadata.name),
      );
      const elsewhere = view.list('Service').filter((s) => s.metadata.name === name && s.spec.type !== 'ExternalName');
      const [other, another] = elsewhere;
      const right =
        near !== undefined
          ? externalName.replace(name, near)
          : other !== undefined && another === undefined
            ? externalName.replace(`${name}.${namespace}.`, `${name}.${other.metadata.namespace ?? ''}.`)
            : undefined;
      return said(
        `externalName ${externalName} stands for Service ${name} in ${namespace}, which does not exist${right === undefined ? '' : `; was ${right} meant?`}`,
        {
          wanted: name,
          kind: 'Service',
          ...(right === undefined ? { supply: `point externalName to a Service or host that exists` } : { right }),
        },
      );
    }),
});
