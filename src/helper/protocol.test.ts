import { describe, expect, it } from 'vitest';
import { readRequest } from './door.ts';
import { membersMax, requestBytesMax } from './protocol.ts';

const long = (length: number, with_ = 'a') => with_.repeat(length);
const many = <Item>(length: number, of: (index: number) => Item) => Array.from({ length }, (_, index) => of(index));
const member = (more: object = {}) => ({
  id: 'ehr',
  program: 'postgresql-15',
  dataDirectory: '/srv/room/ehr',
  listens: [5432],
  reaches: [],
  settings: {},
  ...more,
});
const open = (more: object = {}) => ({
  id: 1,
  verb: 'openRoom',
  room: 'recovery',
  epoch: 1,
  folder: '/srv/room',
  ...more,
});
const start = (more: object) => ({ id: 1, verb: 'startMember', room: 'recovery', epoch: 1, member: member(more) });
const settings = (count: number) => Object.fromEntries(many(count, (index) => [`name${index}`, index]));

/** What is just within each bound, and just beyond it. */
const bounds: [string, object, object][] = [
  ['number of a call', open({ id: 0 }), open({ id: -1 })],
  ['number of a call, exact', open({ id: Number.MAX_SAFE_INTEGER }), open({ id: 2 ** 53 })],
  ['epoch', open({ epoch: 0 }), open({ epoch: -1 })],
  ['whole epoch', open({ epoch: 7 }), open({ epoch: 1.5 })],
  ['length of an id', open({ room: long(128) }), open({ room: long(129) })],
  ['letters of an id', open({ room: 'a.b_c:d-e' }), open({ room: 'a b' })],
  ['first letter of an id', open({ room: '0a' }), open({ room: '.a' })],
  ['words of the language', open({ room: 'constructors' }), open({ room: 'constructor' })],
  ['length of a path', open({ folder: `/${long(4095)}` }), open({ folder: `/${long(4096)}` })],
  ['path without a way up', open({ folder: '/a/..b' }), open({ folder: '/a/../b' })],
  ['path without empty parts', open({ folder: '/' }), open({ folder: '//a' })],
  ['absolute path', open({ folder: '/a' }), open({ folder: 'a' })],
  ['path of one line', open({ folder: '/a b' }), open({ folder: '/a\nb' })],
  ['path without a zero', open({ folder: '/a b' }), open({ folder: '/a\0b' })],
  ['least of ports', start({ listens: [1] }), start({ listens: [] })],
  [
    'most ports',
    start({ listens: many(16, (index) => index + 1) }),
    start({ listens: many(17, (index) => index + 1) }),
  ],
  ['lowest port', start({ listens: [1] }), start({ listens: [0] })],
  ['highest port', start({ listens: [65_535] }), start({ listens: [65_536] })],
  ['ports that differ', start({ listens: [1, 2] }), start({ listens: [2, 2] })],
  [
    'members reached',
    start({ reaches: many(membersMax, () => ({ member: 'a', port: 1 })) }),
    start({ reaches: many(membersMax + 1, () => ({ member: 'a', port: 1 })) }),
  ],
  ['port reached', start({ reaches: [{ member: 'a', port: 65_535 }] }), start({ reaches: [{ member: 'a', port: 0 }] })],
  ['what is reached', start({ reaches: [] }), start({ reaches: [{ member: 'a', port: 1, host: 'b' }] })],
  ['number of settings', start({ settings: settings(32) }), start({ settings: settings(33) })],
  ['name of a setting', start({ settings: { [`a${long(63)}`]: 1 } }), start({ settings: { [`a${long(64)}`]: 1 } })],
  ['letters of a setting', start({ settings: { aB9: 1 } }), start({ settings: { 'a-b': 1 } })],
  ['text of a setting', start({ settings: { a: long(200) } }), start({ settings: { a: long(201) } })],
  ['depth of a setting', start({ settings: { a: 1 } }), start({ settings: { a: { b: 1 } } })],
  ['fields of a member', start({}), start({ command: ['id'] })],
  ['fields of a call', open(), open({ environment: {} })],
  ['verbs', open(), open({ verb: 'run' })],
];

describe('each bound of the helper’s vocabulary', () => {
  it.each(bounds)('%s', (_name, within, beyond) => {
    expect(readRequest(JSON.stringify(within)).ok).toBe(true);
    expect(readRequest(JSON.stringify(beyond)).ok).toBe(false);
  });
});

it('nesting as deep as a line allows is refused, not followed', () => {
  const deep = `{"id":1,"verb":"status","deep":${long(30_000, '[')}${long(30_000, ']')}}`;
  expect(deep.length).toBeLessThan(requestBytesMax);
  expect(readRequest(deep)).toMatchObject({ ok: false, id: 1 });
  expect(readRequest(long(requestBytesMax, '['))).toMatchObject({ ok: false, id: null });
});

it('a member that would touch a prototype touches none', () => {
  const read = readRequest('{"id":1,"verb":"status","__proto__":{"polluted":1}}');
  expect(read.ok).toBe(false);
  expect('polluted' in {}).toBe(false);
  const named = readRequest(JSON.stringify(start({})).replace('"settings":{}', '"settings":{"__proto__":1}'));
  expect(named.ok).toBe(false);
});

it('a refusal stays short, however much is wrong', () => {
  const read = readRequest(JSON.stringify(start({ reaches: many(64, () => ({ member: '', port: 'x' })) })));
  expect(read.ok ? '' : read.refusal.message.length).toBeLessThanOrEqual(600);
});
