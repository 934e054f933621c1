import { describe, expect, it } from 'vitest';
import { Refused } from '../journal/result.ts';
import { whyOf } from './whyOf.ts';

const secret = 'DUPONT Marie, 12/03/1951';

describe('what a log says of an error', () => {
  it('names a refusal by its code', () => {
    expect(whyOf(new Refused({ code: 'disk-full', message: `no room for ${secret}`, retryable: true }))).toBe(
      'disk-full',
    );
  });
  it('names an unexpected error by its class, code and place, never by its message', () => {
    const system = Object.assign(new TypeError(`cannot read "${secret}"\n    at ${secret}.ts:1:1`), { code: 'EACCES' });
    expect(whyOf(system)).toMatch(/^TypeError EACCES whyOf\.test\.ts:\d+$/);
    expect(whyOf(new SuppressedError(system, new RangeError(secret), secret))).toMatch(
      /^RangeError .*, then TypeError /,
    );
    for (const thrown of [system, { secret }, 12, undefined]) expect(whyOf(thrown)).not.toContain('DUPONT');
  });
  it('keeps what the product itself says in words', () => {
    expect(whyOf('The plans that stood are kept.')).toBe('The plans that stood are kept.');
  });
});
