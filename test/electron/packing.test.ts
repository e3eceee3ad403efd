import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildDesktop } from './desk.ts';
import type { KindSchemas } from '../../agents/host/knowledge/built-in/client-types.ts';
import type { beforePack } from '../../electron/before-pack.ts';
import { readGgufHeader } from '../../models/gguf-header.ts';
import { type Target, builder, config, packedFiles } from './packed-files.ts';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'out', 'main');

/** Native code an installer may hold, by system and processor: the folders or files it lies in. */
const NATIVE: Readonly<Record<`${Target['os']}-${Target['arch']}`, readonly string[]>> = {
  'linux-x64': [
    'prebuilds/linux-x64.node',
    'sqlite-vec-linux-x64',
    '@node-llama-cpp/linux-x64',
    '@node-llama-cpp/linux-x64-vulkan',
    'reflink-linux-x64-gnu',
  ],
  'linux-arm64': ['prebuilds/linux-arm64.node', 'sqlite-vec-linux-arm64', '@node-llama-cpp/linux-arm64', 'reflink-linux-arm64-gnu'],
  'mac-x64': ['prebuilds/darwin-x64.node', 'sqlite-vec-darwin-x64', '@node-llama-cpp/mac-x64', 'reflink-darwin-x64'],
  'mac-arm64': ['prebuilds/darwin-arm64.node', 'sqlite-vec-darwin-arm64', '@node-llama-cpp/mac-arm64-metal', 'reflink-darwin-arm64'],
  'win-x64': [
    'prebuilds/win32-x64.node',
    'sqlite-vec-windows-x64',
    '@node-llama-cpp/win-x64',
    '@node-llama-cpp/win-x64-vulkan',
    'reflink-win32-x64-msvc',
  ],
  // sqlite-vec has none for this one: vectors are compared in JavaScript there.
  'win-arm64': ['prebuilds/win32-arm64.node', '@node-llama-cpp/win-arm64', 'reflink-win32-arm64-msvc'],
};
const targets = Object.keys(NATIVE).map((name) => {
  const [os, arch] = name.split('-') as [Target['os'], Target['arch']];
  return { name: name as keyof typeof NATIVE, os, arch };
});
const isNative = (file: string) => /\.(node|dylib|dll|metal)$|\.so(\.|$)/.test(file);

beforeAll(buildDesktop, 120_000);

describe.each(targets)('the installer for $name', ({ name, os, arch }) => {
  let computed: ReturnType<typeof packedFiles> | undefined;
  const packed = () => (computed ??= packedFiles({ os, arch }));

  test('has its own native code, all of it, and no other system’s', () => {
    const places = new Set(
      packed()
        .files.filter(isNative)
        .map((file) => /prebuilds\/[^/]+|@node-llama-cpp\/[^/]+|sqlite-vec-[^/]+|reflink-[^/]+/.exec(file)?.[0] ?? file),
    );
    expect([...places].sort()).toEqual([...NATIVE[name]].sort());
  });

  test('has every piece of native code outside of the archive', () => {
    const { files, unpacked } = packed();
    expect(files.filter((file) => isNative(file) && !unpacked.has(file))).toEqual([]);
    expect([...unpacked].filter((file) => !isNative(file))).toEqual([]);
  });

  test('has every file the built app asks for by its place', () => {
    const { files } = packed();
    const asked = readdirSync(main)
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [
        ...readFileSync(join(main, file), 'utf8').matchAll(/new URL\(\s*['"](\.{1,2}\/[^'"]*)['"]\s*,\s*import\.meta\.url/g),
      ])
      .map(([, path = '']) => posix.join('out/main', path).replace(/\/$/, ''));
    expect(asked).toEqual(expect.arrayContaining(['package.json', 'out/renderer', 'out/preload/preload.cjs']));
    // What `npm run pack:models` and `pack:kinds` make before an installer is made stands in no checkout.
    const made = ['resources/models', 'resources/reference/kinds.json'];
    expect(asked.filter((path) => !made.includes(path) && !files.some((file) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
  });

  test('has every package the built app imports', () => {
    const { files } = packed();
    const imported = new Set(
      readdirSync(main)
        .filter((file) => file.endsWith('.js'))
        .flatMap((file) => [
          ...readFileSync(join(main, file), 'utf8').matchAll(/^(?:import|export) [^;]*?["']([^"']+)["'];$|\bimport\(["']([^"']+)["']\)/gm),
        ])
        .map(([, first, second]) => first ?? second ?? '')
        .filter((specifier) => !/^(node:|\.)/.test(specifier) && specifier !== 'electron')
        .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')),
    );
    expect(imported.size).toBeGreaterThan(3);
    expect([...imported].filter((name) => !files.includes(`node_modules/${name}/package.json`))).toEqual([]);
  });

  test('has what the app reads and nothing of how it is made', () => {
    const { files } = packed();
    const folders = new Set(files.map((file) => file.split('/')[0]));
    expect([...folders].sort()).toEqual(['node_modules', 'out', 'package.json', 'resources']);
    expect(files.filter((file) => file.startsWith('resources/demo/')).length).toBeGreaterThan(0);
    expect(
      files.filter((file) => file.endsWith('.map') || /^node_modules\/(electron|vite|typescript|node|node-bin-[^/]+)\//.test(file)),
    ).toEqual([]);
  });
});

test('before an installer is made, electron-builder has the embedding model and the reference of fields made', async () => {
  const { resolveFunction } = builder('app-builder-lib/out/util/resolve.js') as {
    resolveFunction(type: string, executor: unknown, name: string, root: string): Promise<typeof beforePack>;
  };
  const resources = mkdtempSync(join(tmpdir(), 'packing-'));
  try {
    const hook = await resolveFunction('module', config['beforePack'], 'beforePack', root);
    hook({}, resources);
    const [model = ''] = readdirSync(join(resources, 'models'));
    expect(await readGgufHeader(join(resources, 'models', model))).toMatchObject({ ok: true, value: { purpose: 'embedding' } });
    const { kinds } = JSON.parse(readFileSync(join(resources, 'reference/kinds.json'), 'utf8')) as KindSchemas;
    expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Pod', 'Deployment', 'Ingress', 'NetworkPolicy']));
    // Where they lie, they are packed; the model outside of the archive, because native code opens it.
    expect(config.files).toContain('resources/**');
    expect(config.asarUnpack).toContain('resources/models/**');
  } finally {
    rmSync(resources, { recursive: true });
  }
}, 240_000);

test('each system gets the installers it is used to, and nothing is published by itself', () => {
  expect({ linux: config['linux'], mac: config['mac'], win: config['win'] }).toMatchObject({
    linux: { target: ['AppImage', 'deb'] },
    mac: { target: expect.arrayContaining(['dmg']) as unknown },
    win: { target: ['nsis'] },
  });
  expect(config).toMatchObject({ npmRebuild: false, asar: true, publish: null, protocols: [{ schemes: ['quarterdeck'] }] });
});
