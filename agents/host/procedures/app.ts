import type { AppInfo } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { examineMachine } from '../doctor.ts';
import { modelHere } from '../inference/inference.ts';
import { personHere } from '../person.ts';
import { os } from './os.ts';

export function appProcedures({ ports, store }: Pick<AppParts, 'ports' | 'store'>, startedAt: string) {
  return {
    app: {
      info: os.app.info.handler(async (): Promise<AppInfo> => ({
        version: ports.version,
        demo: ports.demo,
        dataDir: ports.dataDir,
        model: (await modelHere(ports.model))?.name ?? null,
        user: personHere(),
        lastEvent: await store.lastSeq(),
        startedAt,
      })),
      doctor: os.app.doctor.handler(() => examineMachine(ports)),
    },
  };
}
