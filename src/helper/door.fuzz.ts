import { readRequest } from './door.ts';
import type { Request } from './protocol.ts';

const member = {
  id: 'chu:dpi',
  program: 'orthanc',
  dataDirectory: '/srv/room/dpi',
  listens: [8042, 104],
  reaches: [{ member: 'chu:db', port: 5432 }],
  settings: { aet: 'PACS', n: 3 },
};
const seeds: Request[] = [
  { id: 0, verb: 'status' },
  { id: 1, verb: 'openRoom', room: 'recovery-1', epoch: 3, folder: '/srv/room' },
  { id: 2, verb: 'startMember', room: 'recovery-1', epoch: 3, member },
  { id: 3, verb: 'stopMember', room: 'recovery-1', epoch: 3, member: 'chu:dpi' },
  { id: 4, verb: 'closeRoom', room: 'recovery-1', epoch: 3 },
];

const strict = (path: string) => path.startsWith('/') && !/\/\/|\/\.{1,2}(\/|$)|\0|\n|.\/$/.test(path);

/** What a hub that was taken over might say to the privileged helper: either refused, or exactly of the vocabulary. */
export const fuzz = {
  name: 'helper-door',
  seeds: (): Uint8Array[] => [
    ...seeds.map((seed) => Buffer.from(JSON.stringify(seed))),
    Buffer.from('{"id":1,"verb":"closeRoom","room":"constructor","epoch":0}'),
  ],
  run(input: Uint8Array): void {
    const read = readRequest(Buffer.from(input).toString('utf8'));
    if (!read.ok) {
      if (read.refusal.message.length > 600) throw new Error('a refusal without bound');
      return;
    }
    const { request } = read;
    const said: unknown = JSON.parse(Buffer.from(input).toString('utf8'));
    if (JSON.stringify(Object.keys(request).sort()) !== JSON.stringify(Object.keys(said as object).sort()))
      throw new Error('a field came or went');
    if ('room' in request && request.room in {}) throw new Error('a room named like a property of every object');
    const paths =
      request.verb === 'openRoom'
        ? [request.folder]
        : request.verb === 'startMember'
          ? [request.member.dataDirectory]
          : [];
    for (const path of paths) if (!strict(path)) throw new Error(`a path that is not strict: ${path}`);
  },
};
