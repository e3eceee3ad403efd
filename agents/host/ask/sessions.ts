import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Answer, AnswerSchema } from '../../contract/ask.ts';
import { replaceFile } from '../replace-file.ts';

const FileSchema = z.object({ answers: z.array(AnswerSchema) });
/** Further back nobody asks, and a file must not grow for ever. */
const MOST_TURNS = 200;
const ID = /^talk-[a-z0-9]+$/;

/** Conversations, a file each in `asked/` of the data directory: yours to read and to delete. */
export class AskSessions {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'asked');
  }

  list(): { id: string; title: string; at: string; turns: number }[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .flatMap((file) => {
        const id = file.replace(/\.json$/, '');
        const answers = ID.test(id) ? this.of(id) : undefined;
        const [first, last] = [answers?.[0], answers?.at(-1)];
        return answers === undefined || first === undefined || last === undefined
          ? []
          : [{ id, title: first.question, at: last.at, turns: answers.length }];
      })
      .sort((a, b) => b.at.localeCompare(a.at));
  }

  /** Undefined where there is none of that id, or where its file cannot be read. */
  of(session: string): Answer[] | undefined {
    if (!ID.test(session)) return undefined;
    try {
      return FileSchema.parse(JSON.parse(readFileSync(this.#file(session), 'utf8'))).answers;
    } catch {
      return undefined;
    }
  }

  add(answer: Answer): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const answers = [...(this.of(answer.session) ?? []), answer].slice(-MOST_TURNS);
    replaceFile(this.#file(answer.session), JSON.stringify({ answers }), 0o600);
  }

  /** How many answers are gone with it. */
  forget(session: string): number {
    const answers = this.of(session);
    if (ID.test(session)) rmSync(this.#file(session), { force: true });
    return answers?.length ?? 0;
  }

  #file(session: string): string {
    return join(this.#folder, `${session}.json`);
  }
}
