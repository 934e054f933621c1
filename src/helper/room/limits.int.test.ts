import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cannotMakeRooms } from '../fixtures/ground.ts';
import { Limits, removeGroups } from './limits.ts';

const cannot = cannotMakeRooms();
const name = `rfx-limits-${process.pid}`;
const limits = { memoryMegabytes: 64, processes: 20, cpuPercent: 100 };

/** A process put in its groups, which it leaves by ending; then the groups are removed. */
async function boundAndFreed(found: Limits): Promise<string> {
  const groups = found.parents.map((parent) => `${parent}/${name}`);
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1e6)']);
  await once(child, 'spawn');
  try {
    found.bound(name, child.pid ?? 0, limits);
    return readFileSync(`/proc/${child.pid}/cgroup`, 'utf8');
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await removeGroups(groups)).toBe(true);
    expect(groups.filter((group) => existsSync(group))).toEqual([]);
  }
}

const mountV2 = readFileSync('/proc/self/mounts', 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .find(([, , kind]) => kind === 'cgroup2')?.[1];

describe('cgroups of this machine', () => {
  it('hold a member in each hierarchy that can be written, and are removed after it', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const found = new Limits();
    if (found.found.cgroup === 'none') return context.skip(`not run: ${found.found.reason}`);
    const lines = (await boundAndFreed(found)).split('\n').filter((line) => line.includes(name));
    expect(lines).toHaveLength(found.parents.length);
  });

  it('of version 2 do so too, with whichever controller it offers here', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const offered =
      mountV2 === undefined ? '' : readFileSync(`${mountV2}/cgroup.controllers`, 'utf8').trim().split(' ')[0];
    if (mountV2 === undefined || !offered)
      return context.skip('not run: no cgroup of version 2 offers a controller here');
    const before = readFileSync(`${mountV2}/cgroup.subtree_control`, 'utf8');
    const found = new Limits([offered]);
    expect(found.found).toMatchObject({ cgroup: 'v2', controllers: [offered] });
    expect(await boundAndFreed(found)).toMatch(new RegExp(`^0::.*/${name}$`, 'm'));
    if (!before.split(/\s/).includes(offered)) writeFileSync(`${mountV2}/cgroup.subtree_control`, `-${offered}`);
  });

  it('that are not there are said, and stop nothing', () => {
    const found = new Limits(['no-such-controller']);
    expect(found.found).toMatchObject({
      cgroup: 'none',
      controllers: [],
      reason: expect.stringContaining('no-such-controller'),
    });
    expect(found.parents).toEqual([]);
  });
});
