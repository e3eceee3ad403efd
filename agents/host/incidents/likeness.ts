import type { Incident } from '../../contract/index.ts';

/** What of an incident tells whether another one was like it. */
export const likenessOf = (incident: Incident) => ({
  id: incident.id,
  context: incident.context,
  code: incident.rootCause.code,
  resource: incident.rootCause.resource,
  ...(incident.rootCause.field === undefined ? {} : { field: incident.rootCause.field }),
  symptoms: incident.symptoms.map((s) => s.code),
  words: `${incident.title} ${incident.rootCause.message}`.slice(0, 4_000),
});
