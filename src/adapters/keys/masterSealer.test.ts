import { expect, it } from 'vitest';
import { sealerContract } from '../../access/sealer.contract.ts';
import { newKey, sealerUnder } from './masterSealer.ts';

sealerContract('AES-256-GCM', () => {
  const [key, index] = [newKey(), newKey().key];
  return sealerUnder(
    () => [key],
    () => index,
  );
});

it('opens under an older key what is not sealed again yet, and tells it apart', () => {
  const [old, fresh, index] = [newKey(), newKey(), newKey().key];
  let keys = [old];
  const sealer = sealerUnder(
    () => keys,
    () => index,
  );
  const sealed = sealer.seal('a', 'text');
  const indexed = sealer.index('a', 'text');
  keys = [fresh, old];
  expect(sealer.isCurrent(sealed)).toBe(false);
  expect(sealer.isCurrent(sealer.seal('a', 'text'))).toBe(true);
  expect(Buffer.from(sealer.open('a', sealed)).toString()).toBe('text');
  expect(sealer.index('a', 'text')).toBe(indexed);
  keys = [fresh];
  expect(() => sealer.open('a', sealed)).toThrow(
    expect.objectContaining({ refusal: expect.objectContaining({ code: 'sealed-altered' }) }),
  );
  expect(sealer.isCurrent(new Uint8Array(32))).toBe(false);
});
