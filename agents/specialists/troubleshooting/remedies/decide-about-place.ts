import { defineRemedy } from '../../../core/agent.ts';

export const decideAboutPlace = defineRemedy({
  name: 'decide-about-place',
  codes: ['SCH-014', 'SCH-015', 'SCH-016', 'VOL-007', 'VOL-010'],
  kinds: [],
  doc: `How even is even enough, who matters more, who opens a gate, who makes volumes: none of that follows from the cluster. Advice, with the
names and values it takes.`,
  run: ({ finding }) => {
    const { kind, name, namespace } = finding.subject;
    const { path, few, gates, written, provisioner, storageClass, failed, volume } = finding.params;
    const at = namespace === undefined ? '' : ` -n ${namespace}`;
    if (finding.code === 'SCH-014' && typeof finding.params['supply'] === 'string') return { advice: finding.params['supply'] };
    switch (finding.code) {
      case 'SCH-014':
        return {
          advice:
            few === true
              ? `Add nodes in other domains, or lower minDomains in ${String(path)} of ${kind} ${name}.`
              : `Let the emptiest domain take pods again, raise maxSkew, or say whenUnsatisfiable: ScheduleAnyway in ${String(path)} of ${kind} ${name}.`,
        };
      case 'SCH-015':
        return {
          advice: `Make room for both (add a node, lower requests, another port), or give ${kind} ${name} a PriorityClass that says how much it matters.`,
        };
      case 'SCH-016':
        return {
          advice:
            written === true
              ? `Find out who should remove ${String(gates)} and why it does not run; if nobody should, remove ${finding.field ?? 'the gate'} from ${kind} ${name}, and its waiting pods.`
              : `Find out who set ${String(gates)} (a queue, a webhook) and what it waits for; to let one pod go: kubectl patch pod POD${at} --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'.`,
        };
      case 'VOL-007':
        return {
          advice:
            failed === true
              ? `Remove what ${String(provisioner)} complains about; it tries again by itself.`
              : `Install or start the provisioner ${String(provisioner)}; or, as the provisioner of a StorageClass cannot be changed, make ${String(storageClass)} again with one that runs. Claims that wait are served then.`,
        };
      default:
        return {
          advice: `Restore the data of PersistentVolume ${String(volume)} to a new volume and a new claim. A Lost claim is never bound again; delete it when nothing needs its name. Nothing here deletes data.`,
        };
    }
  },
});
