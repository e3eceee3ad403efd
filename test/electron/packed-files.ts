import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

/**
 * Which files an installer would hold, by electron-builder's own rules: its matchers over this tree, and over what is installed elsewhere
 * (the binaries of other systems, which a packing machine may have too). Nothing is built.
 */

const root = join(import.meta.dirname, '..', '..');

export interface Target {
  readonly os: 'linux' | 'mac' | 'win';
  readonly arch: 'x64' | 'arm64';
}

interface Matcher {
  readonly patterns: string[];
  addPattern(pattern: string): void;
  createFilter(): (file: string, stat: object) => boolean;
}
interface Matchers {
  readonly FileMatcher: new (from: string, to: string, expand: (text: string) => string, patterns?: readonly string[]) => Matcher;
  getMainFileMatchers(
    app: string,
    to: string,
    expand: (text: string) => string,
    ofPlatform: object,
    packager: object,
    out: string,
    compile: boolean,
  ): Matcher[];
  getNodeModuleFileMatcher(app: string, to: string, expand: (text: string) => string, ofPlatform: object, packager: object): Matcher;
}
/** Of electron-builder, what is asked for by its place in there. */
export const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const { FileMatcher, getMainFileMatchers, getNodeModuleFileMatcher } = builder('app-builder-lib/out/fileMatcher.js') as Matchers;

interface Config {
  readonly directories: { readonly output: string; readonly buildResources: string };
  readonly asarUnpack: readonly string[];
  readonly files: readonly string[];
  readonly [os: string]: unknown;
}
export const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Config;

/** Packages that the packed app brings, with their files; of those that are not installed here, one binary each stands for all. */
function moduleFiles(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: boolean; readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
  };
  const brought = Object.entries(packages).filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true);
  const optional = brought.flatMap(([, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => `node_modules/${name}`),
  );
  const paths = [...new Set([...brought.map(([path]) => path), ...optional])];
  return paths.flatMap((path) =>
    existsSync(join(root, path))
      ? walk(path).filter((file) => !file.slice(path.length).includes('/node_modules/'))
      : [`${path}/package.json`, `${path}/bins/binary.node`],
  );
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

let modules: readonly string[] | undefined;

/** Paths in the packed app, and which of them lie outside of the archive. */
export function packedFiles({ os, arch }: Target): { readonly files: readonly string[]; readonly unpacked: ReadonlySet<string> } {
  const expand = (text: string) => text.replaceAll('${arch}', arch).replaceAll('${os}', os);
  const packager = {
    info: { config, projectDir: root, buildResourcesDir: config.directories.buildResources, debugLogger: { isEnabled: false } },
    config,
    debugLogger: { isEnabled: false },
  };
  const ofPlatform = (config[os] ?? {}) as object;
  const out = join(root, config.directories.output);
  const own = getMainFileMatchers(root, root, expand, ofPlatform, packager, out, false);
  const ownFilters = own.map((matcher) => matcher.createFilter());
  const moduleFilter = getNodeModuleFileMatcher(root, root, expand, ofPlatform, packager.info).createFilter();
  const top = readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', '.git', '.cache', 'dist'].includes(name))
    .flatMap((entry) => (entry.isDirectory() ? walk(entry.name) : [entry.name]));
  const files = [
    ...top.filter((file) => ownFilters.some((filter) => passes(filter, file))),
    ...(modules ??= moduleFiles()).filter((file) => passes(moduleFilter, file)),
  ];
  const unpack = new FileMatcher(root, root, expand, config.asarUnpack).createFilter();
  return { files, unpacked: new Set(files.filter((file) => unpack(join(root, file), stat(false)))) };
}

/** A file is packed when it and every folder above it pass: the packer does not look into a folder that does not. */
function passes(filter: (file: string, stat: object) => boolean, file: string): boolean {
  const parts = file.split('/');
  const folders = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
  return (
    folders.every((f) => /^node_modules(\/@[^/]+)?$/.test(f) || filter(join(root, f), stat(true))) && filter(join(root, file), stat(false))
  );
}

const stat = (directory: boolean) => ({ isDirectory: () => directory });
