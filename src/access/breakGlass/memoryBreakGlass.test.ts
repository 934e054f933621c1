import { expect, it } from 'vitest';
import { breakGlassContract, envelopesContract } from './breakGlass.contract.ts';
import { keptInMemory } from './keptInMemory.ts';
import { memoryBreakGlass, memoryEnvelopes } from './memoryBreakGlass.ts';

breakGlassContract('memory', () => ({ store: memoryBreakGlass(), close: () => undefined }));
breakGlassContract('kept in memory', () => ({ store: keptInMemory(memoryBreakGlass()), close: () => undefined }));
envelopesContract('memory', () => ({ store: memoryEnvelopes(), close: () => undefined }));

it('reads the store once for many questions, and again after each write', () => {
  const read: number[] = [];
  const under = memoryBreakGlass();
  const counting = {
    ...under,
    current(since: number) {
      read.push(since);
      return under.current(since);
    },
  };
  const store = keptInMemory(counting);
  for (let question = 0; question < 100; question += 1) store.current(100 + question);
  expect(read).toEqual([100]);
  store.current(50);
  store.forget(0);
  store.current(60);
  expect(read).toEqual([100, 50, 60]);
});
