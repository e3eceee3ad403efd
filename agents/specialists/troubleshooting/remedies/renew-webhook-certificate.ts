import { refWords } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';

export const renewWebhookCertificate = defineRemedy({
  name: 'renew-webhook-certificate',
  codes: ['ADM-003'],
  kinds: [],
  doc: `Certificates and authorities are secrets of whoever issues them and are never made here: says which is to be renewed, and by what.`,
  run: ({ finding }) => {
    const { fault, webhook } = finding.params;
    const object = refWords(finding.subject);
    if (fault === 'expired')
      return {
        advice: `Renew the certificate in ${object} and restart what serves it if that does not read it anew; put the authority that signs it into the caBundle of webhook ${String(webhook)} if that changes.`,
      };
    if (fault === 'authority')
      return {
        advice: `Put the certificate of the authority that signs the webhook's certificate into caBundle of webhook ${String(webhook)} in ${object}.`,
      };
    return {
      advice: `Issue the webhook's certificate for the name the API server calls (SERVICE.NAMESPACE.svc), signed by the authority in caBundle of ${object}.`,
    };
  },
});
