import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** In a process of its own: the limit cannot be raised again. */
function limitsAfter(source: string): { limit: string; filter: string; undone?: string[] } {
  const script = `import { readFileSync } from 'node:fs';
    import { forbidCoreDumps } from ${JSON.stringify(join(import.meta.dirname, 'coreDumps.ts'))};
    ${source}
    const limit = /^Max core file size +(\\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))[1];
    console.log(JSON.stringify({ limit, filter: readFileSync('/proc/self/coredump_filter', 'utf8').trim(), undone }));`;
  const args = ['--core=unlimited:unlimited', process.execPath, '--input-type=module-typescript', '-e', script];
  const { stdout, stderr } = spawnSync('prlimit', args, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

it('core dumps are forbidden to the process that asks, twice over, and empty where a collector takes them all the same', (context) => {
  const control = spawnSync('prlimit', ['--core=unlimited:unlimited', 'true']);
  if (control.status !== 0) return context.skip('this account may not raise the limit to see it lowered');
  expect(limitsAfter('const undone = undefined;')).toMatchObject({
    limit: 'unlimited',
    filter: expect.not.stringMatching(/^0+$/),
  });
  expect(limitsAfter('const undone = [...forbidCoreDumps(), ...forbidCoreDumps()];')).toEqual({
    limit: '0',
    filter: '00000000',
    undone: [],
  });
});
