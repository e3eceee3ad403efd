import { defineRemedy } from '../../../core/agent.ts';

export const keepOrDeleteClaim = defineRemedy({
  name: 'keep-or-delete-claim',
  codes: ['VOL-020'],
  kinds: ['PersistentVolumeClaim'],
  doc: `Never a plan: whether data is still wanted follows from nothing in a cluster. It says what deleting the claim would mean.`,
  run: ({ finding }) => {
    const after =
      finding.params['policy'] === 'Retain'
        ? 'its volume would stay (reclaim policy Retain) and have to be deleted by itself'
        : 'its volume and the data would be deleted with it, for good, where its reclaim policy is Delete';
    return {
      advice: `Nothing has to be done. Look at who made it and when; if the data is wanted no more, a person may delete the claim: ${after}.`,
    };
  },
});
