import { expect, it } from 'vitest';
import { limitFiles } from './limits.ts';

const limits = { memoryMegabytes: 512, processes: 64, cpuPercent: 150 };

it('writes the same bounds in the words of either cgroup version, for the controllers that are there', () => {
  expect(limitFiles(1, ['memory', 'pids', 'cpu'], limits)).toEqual({
    'memory.limit_in_bytes': '536870912',
    'pids.max': '64',
    'cpu.cfs_period_us': '100000',
    'cpu.cfs_quota_us': '150000',
  });
  expect(limitFiles(2, ['memory', 'pids', 'cpu'], limits)).toEqual({
    'memory.max': '536870912',
    'memory.swap.max': '0',
    'memory.oom.group': '1',
    'pids.max': '64',
    'cpu.max': '150000 100000',
  });
  expect(limitFiles(2, ['pids'], limits)).toEqual({ 'pids.max': '64' });
  expect(limitFiles(1, [], limits)).toEqual({});
});
