import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { marksPath } from './contexts/marks-file.ts';
import { parseMarks } from './contexts/marks.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the platform wants an application's data: XDG on Linux, Application Support on macOS, %APPDATA% on Windows. */
export function defaultDataDir(env: Env = process.env, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'quarterdeck');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'quarterdeck');
  const data = env['XDG_DATA_HOME'];
  return join(data === undefined || data === '' ? join(home, '.local', 'share') : data, 'quarterdeck');
}

/** The demo fleet's log is kept apart, so that nothing recorded is ever taken for a cluster of one's own. */
export const demoDataDir = (env?: Env): string => join(defaultDataDir(env), 'demo-fleet');

export interface KubeconfigSources {
  readonly env: Env;
  readonly home?: string;
  readonly kubeconfigPaths?: readonly string[] | undefined;
}

/**
 * True when nothing says where a kubeconfig is: the moment to offer the demo fleet. A named file that is absent is an error instead. What
 * was added in the app (`files:` in contexts.yaml of the default data directory) says so too.
 */
export function noKubeconfig({ env, home = homedir(), kubeconfigPaths = [] }: KubeconfigSources): boolean {
  const named = [...kubeconfigPaths, ...(env['KUBECONFIG'] ?? '').split(delimiter).filter((p) => p !== '')];
  return (
    named.length === 0 && !existsSync(join(home, '.kube', 'config')) && !hasAddedFiles(defaultDataDir(env, process.platform, home), home)
  );
}

function hasAddedFiles(dataDir: string, home: string): boolean {
  try {
    const marks = parseMarks(readFileSync(marksPath(dataDir), 'utf8'), home);
    return marks.ok && marks.value.files.length > 0;
  } catch {
    // Most often it is not there; one that cannot be read says so where contexts are listed.
    return false;
  }
}
