import type { AppParts } from '../app-parts.ts';
import { diagnoseContext } from '../diagnosis.ts';
import { diagnoseGiven } from '../files/diagnose-given.ts';
import { must, os } from './os.ts';

export function diagnosisProcedures(parts: AppParts) {
  const { orchestrator, ports } = parts;
  return {
    diagnosis: {
      run: os.diagnosis.run.handler(async ({ input, errors }) => must(await diagnoseContext(parts, input), errors)),
      ofFiles: os.diagnosis.ofFiles.handler(async ({ input, errors }) =>
        must(await diagnoseGiven(orchestrator.agents, input, ports.clock.now()), errors),
      ),
    },
  };
}
