/** Annotations that tools write; what stands in them is nobody's explanation. */
const OF_TOOLS = /(?:^|\.)(?:kubernetes\.io|k8s\.io|helm\.sh|fluxcd\.io|argoproj\.io|cattle\.io)\//;
/** A key or a text that speaks of something being stopped on purpose. */
const ON_PURPOSE = /scal|replica|zero|paus|maint|disab|suspend|stop|season|decommission|retire|reason|why|hibernat|idle|sleep|hold/i;

/** What a person has written on an object about why it is stopped; undefined where nobody has. */
export function saidWhy(annotations: Readonly<Record<string, string>>): string | undefined {
  const found = Object.entries(annotations).find(
    ([key, value]) =>
      !OF_TOOLS.test(key) && value.trim() !== '' && (ON_PURPOSE.test(key) || (value.includes(' ') && ON_PURPOSE.test(value))),
  );
  return found === undefined ? undefined : `${found[0]}: ${found[1]}`;
}
