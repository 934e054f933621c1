import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accept, refuse } from '../../../journal/result.ts';
import { installed, temporaryFolder } from '../../fixtures/service.ts';
import { ToolSource } from './source.ts';

const restic = installed('/usr/bin/restic');
const password = 'canary-2f9e a password nobody may see';
const work = { signal: new AbortController().signal, progress: () => undefined };

it('restic gets a sealed password from memory: in no file, argument or environment', async (context) => {
  if (restic === undefined) return context.skip('restic is not installed');
  await using place = await temporaryFolder();
  const repository = join(place.path, 'repository');
  const data = join(place.path, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'a'), 'text');
  // A restic that first tells what anybody may see of it.
  const shown = join(place.path, 'shown');
  const wrapper = join(place.path, 'bin');
  mkdirSync(wrapper);
  mkdirSync(shown);
  const script = `#!/bin/sh\nout=$(mktemp ${shown}/XXXXXX)\ntr '\\0' '\\n' < /proc/$$/cmdline > $out\ntr '\\0' '\\n' < /proc/$$/environ >> $out\nls -l /proc/$$/fd >> $out\nexec ${restic} "$@"\n`;
  writeFileSync(join(wrapper, 'restic'), script, { mode: 0o755 });
  const run = (args: string[]) =>
    spawnSync(restic, ['-r', repository, '--no-cache', ...args], {
      env: { RESTIC_PASSWORD: password },
      encoding: 'utf8',
    });
  expect(run(['init']).status).toBe(0);
  expect(run(['backup', data]).status).toBe(0);
  const path = process.env.PATH;
  process.env.PATH = `${wrapper}:${path}`;
  try {
    const source = new ToolSource({ repository, password: async () => accept(password) });
    expect(await source.snapshots(work)).toMatchObject({ ok: true, value: [{ paths: [data] }] });
    const wrong = new ToolSource({ repository, password: async () => accept('another') });
    expect(await wrong.snapshots(work)).toMatchObject({ refusal: { code: 'backup-wrong-password' } });
    const none = new ToolSource({
      repository,
      password: async () => refuse('secret-missing', 'No secret has this name.'),
    });
    expect(await none.snapshots(work)).toMatchObject({ refusal: { code: 'secret-missing' } });
  } finally {
    process.env.PATH = path;
  }
  const told = readdirSync(shown)
    .map((name) => readFileSync(join(shown, name), 'utf8'))
    .join('\n');
  expect(told).toContain('RESTIC_PASSWORD_FILE=/dev/fd/3');
  expect(told).toMatch(/3 -> \/dev\/shm\/#\d+ \(deleted\)|3 -> \/run\/user/);
  expect(told).not.toContain('canary-2f9e');
});
