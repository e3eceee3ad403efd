import { canI, ownRules, whoMay } from '../access.ts';
import type { AppParts } from '../app-parts.ts';
import { must, os } from './os.ts';

/** Who may do what. */
export function accessProcedures({ ports }: AppParts) {
  return {
    access: {
      canI: os.access.canI.handler(async ({ input, errors }) => must(await canI(input, ports.kube, ports.writer), errors)),
      rules: os.access.rules.handler(async ({ input, errors }) =>
        must(await ownRules(input.context, input.namespace, ports.writer), errors),
      ),
      whoCan: os.access.whoCan.handler(async ({ input, errors }) => must(await whoMay(input, ports.kube), errors)),
    },
  };
}
