import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { helperCalls, helperFilter } from './confine.ts';
import { judge } from './fixtures/judge.ts';

const allow = 0x7fff0000;
const kill = 0x80000000;
const notPermitted = 0x00050001;

describe.each(Object.entries(helperCalls))('the helper’s own filter on %s', (name, { audit, refused, foreignFrom }) => {
  const filter = helperFilter(name);

  it('refuses each call of its list, and lets the others through', () => {
    for (let number = 0; number < 500; number += 1) {
      const expected = refused.includes(number) ? notPermitted : allow;
      expect([number, judge(filter, { arch: audit, number })]).toEqual([number, expected]);
    }
  });

  it('ends what speaks with another processor’s numbers', () => {
    expect(judge(filter, { arch: (audit ^ 1) >>> 0, number: 0 })).toBe(kill);
    if (foreignFrom !== undefined) expect(judge(filter, { arch: audit, number: foreignFrom })).toBe(kill);
  });
});

it('no filter is guessed for a processor nobody wrote down', () => {
  expect(() => helperFilter('riscv64')).toThrow('riscv64');
});

it('what it starts keeps the filter, gains nothing, and finds an empty environment', (context) => {
  const known = helperCalls[process.arch];
  if (process.platform !== 'linux' || known === undefined) return context.skip('not run: Linux on x86-64 or ARM64');
  const ptrace = process.arch === 'x64' ? 101 : 117;
  // PTRACE_PEEKDATA of no process: ESRCH (3) where the kernel listens, EPERM (1) where it does not.
  const tried = `print syscall(${ptrace}, 2, 0, 0, 0) < 0 ? $! + 0 : 'done', ' ', join(',', keys %ENV), "\\n";
    open(my $f, '<', '/proc/self/status'); print grep { /^(NoNewPrivs|Seccomp):/ } <$f>`;
  const perl = '/usr/bin/perl';
  const script = fileURLToPath(new URL('./confine.pl', import.meta.url));
  const confined = [script, `${known.prctl}`, helperFilter(process.arch).toString('hex'), perl];
  const run = (args: string[]) => spawnSync(perl, [...args, '-e', tried], { env: { LANG: 'C' }, encoding: 'utf8' });
  expect(run(confined)).toMatchObject({ status: 0, stdout: '1 \nNoNewPrivs:\t1\nSeccomp:\t2\n' });
  expect(run([]).stdout, 'the same, not confined').toMatch(/^3 LANG\n/);
});
