import { describe, expect, it } from 'vitest';
import { judge } from '../fixtures/judge.ts';
import { architectures, seccompFilter } from './seccomp.ts';

const allow = 0x7fff0000;
const kill = 0x80000000;
const errno = (number: number) => 0x00050000 | number;

describe.each(Object.entries(architectures))('seccomp filter on %s', (name, numbers) => {
  const filter = seccompFilter(name);
  const { audit: arch } = numbers;
  const socket = (...args: number[]) => judge(filter, { arch, number: numbers.socket, args });

  it('lets TCP, UDP and Unix sockets through, with the non-blocking and close-on-exec bits', () => {
    for (const extra of [0, 0o4000, 0o2000000, 0o2004000]) {
      expect(socket(2, 1 | extra, 0)).toBe(allow);
      expect(socket(2, 1 | extra, 6)).toBe(allow);
      expect(socket(2, 2 | extra, 17)).toBe(allow);
      expect(socket(1, 5 | extra, 0)).toBe(allow);
    }
  });

  it('refuses every other family', () => {
    for (let family = 0; family < 64; family += 1) {
      if (family !== 1 && family !== 2) expect(socket(family, 1, 0), `family ${family}`).toBe(errno(97));
    }
  });

  it('refuses raw sockets, ping sockets and other protocols', () => {
    expect(socket(2, 3, 1)).toBe(errno(1));
    expect(socket(2, 3, 255)).toBe(errno(1));
    expect(socket(2, 2, 1)).toBe(errno(93));
    expect(socket(2, 1, 132)).toBe(errno(93));
    expect(socket(2, 1, 262)).toBe(errno(93));
    expect(socket(2, 10, 0)).toBe(errno(1));
  });

  it('refuses namespaces, mounts, io_uring and the other listed calls, and answers clone3 as an old kernel would', () => {
    for (const number of numbers.refused) expect(judge(filter, { arch, number }), `call ${number}`).toBe(errno(1));
    expect(judge(filter, { arch, number: numbers.clone3 })).toBe(errno(38));
    expect(judge(filter, { arch, number: numbers.clone, args: [0x10000000] })).toBe(errno(1));
    expect(judge(filter, { arch, number: numbers.clone, args: [0x003d0f00] })).toBe(allow);
  });

  it('lets ordinary calls through and kills calls of another architecture', () => {
    expect(judge(filter, { arch, number: 1 })).toBe(allow);
    expect(judge(filter, { arch: 0x40000003, number: 1 })).toBe(kill);
    if (numbers.foreignFrom !== undefined) expect(judge(filter, { arch, number: numbers.foreignFrom + 41 })).toBe(kill);
  });
});

it('refuses to guess for an unknown processor', () => {
  expect(() => seccompFilter('riscv64')).toThrow(/riscv64/);
});
