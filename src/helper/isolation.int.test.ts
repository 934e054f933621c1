import { afterEach, describe, expect, it } from 'vitest';
import type { IsolationProof } from '../restore/ports.ts';
import { ask, cannotMakeRooms, Ground } from './fixtures/ground.ts';
import { type Helper, startHelper } from './helper.ts';
import { type Answer, answers, type Request } from './protocol.ts';
import { until } from './room/processes.ts';
import type { Weakness } from './room/weakness.ts';

const cannot = cannotMakeRooms();
let ground: Ground | undefined;
let helper: Helper | undefined;

afterEach(async () => {
  const refused = await helper?.stop({ closeRooms: true });
  // The host's end of a cable goes a moment after the namespace at its other end.
  const left = () => ground?.leftovers() ?? [];
  await until(() => left().length === 0, 5000);
  const found = left();
  ground?.remove();
  [ground, helper] = [undefined, undefined];
  expect(refused ?? []).toEqual([]);
  expect(found).toEqual([]);
});

async function obeyed(request: Request): Promise<unknown> {
  const result = await helper?.rooms.obey(request);
  if (!result?.ok) throw new Error(`${request.verb}: ${JSON.stringify(result)}`);
  return result.value;
}

/** A room with walls weakened on purpose, two members of which `a` may reach `b` on one port, and its proof. */
async function proofOf(weak: Weakness[], members = ['a', 'b']): Promise<IsolationProof> {
  ground = new Ground();
  const { socket, state, programs, room: folder } = ground;
  const started = await startHelper({ socket, folder: state, hubUid: 0, programsFile: programs, weak: new Set(weak) });
  if (!started.ok) throw new Error(started.refusal.message);
  helper = started.value;
  const [room, epoch] = ['recovery', 1];
  await obeyed({ id: 1, verb: 'openRoom', room, epoch, folder });
  for (const name of members) {
    const reaches = name === 'a' && members.includes('b') ? [{ member: 'site:b', port: 4000 }] : [];
    await obeyed({ id: 2, verb: 'startMember', room, epoch, member: ground.member(name, { reaches }) });
  }
  return answers.proveIsolation.parse(await obeyed({ id: 3, verb: 'proveIsolation', room, epoch }));
}

const escapesOf = (proof: IsolationProof) => proof.attempts.filter(({ escaped }) => escaped);

/**
 * Each wall opened on purpose, and the paths that must then be seen to escape: `path` alone, or `path → part of the target`.
 * A path that no row opens would be a path on which the proof might be blind.
 */
const controls: { weak: Weakness[]; members?: string[]; escapes: string[] }[] = [
  { weak: ['open-rules'], escapes: ['undeclared-port', 'undeclared-udp', 'packets → left', 'packets → came'] },
  {
    weak: ['host-link'],
    members: ['a'],
    escapes: ['ipv4-tcp → host 10.78.1.1', 'ipv4-udp → host 10.78.1.1', 'dns → 10.78.1.1'],
  },
  {
    weak: ['host-link', 'no-seccomp', 'keep-capabilities'],
    members: ['a'],
    escapes: ['ipv6-tcp → host fd78', 'ipv6-udp → host fd78', 'icmp → host 10.78.1.1'],
  },
  {
    weak: ['host-network'],
    members: ['a'],
    escapes: ['ipv4-tcp → host loopback', 'ipv4-udp → host loopback', 'unix-abstract', 'namespace → net', 'canaries'],
  },
  {
    weak: ['no-seccomp'],
    members: ['a'],
    escapes: ['vsock', 'netlink', 'other-socket', 'new-namespace', 'io-uring', 'privileges', 'member-privileges'],
  },
  { weak: ['no-seccomp', 'keep-capabilities'], members: ['a'], escapes: ['raw-socket', 'packet-socket', 'privileges'] },
  {
    weak: ['host-files'],
    members: ['a'],
    escapes: ['unix-pathname → canary', 'host-file', 'write-outside → canary', 'canaries'],
  },
  { weak: ['keep-descriptor'], members: ['a'], escapes: ['descriptors'] },
  {
    weak: ['host-processes'],
    members: ['a'],
    escapes: ['host-process → helper', 'namespace → pid', 'member-namespaces'],
  },
  {
    weak: ['host-namespaces'],
    members: ['a'],
    escapes: ['namespace → ipc', 'namespace → uts', 'namespace → cgroup', 'member-namespaces'],
  },
  { weak: ['as-root'], members: ['a'], escapes: ['kernel-setting', 'privileges'] },
];

describe('proof of isolation', () => {
  it('sees nothing escape from a room as it is made, and tries no path that has no positive control', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const proof = await proofOf([]);
    expect(escapesOf(proof)).toEqual([]);
    expect(proof.escaped).toBe(0);
    const tried = new Set(proof.attempts.map(({ path }) => path));
    const controlled = new Set(controls.flatMap(({ escapes }) => escapes.map((path) => path.split(' → ')[0])));
    expect([...tried].sort()).toEqual([...controlled].sort());
    // Packets towards other members were really sent, and it is the rules that dropped them.
    const dropped = proof.attempts.flatMap(({ path, observed }) =>
      path === 'packets' ? [Number(/(\d+) dropped/.exec(observed)?.[1])] : [],
    );
    expect(Math.max(...dropped)).toBeGreaterThan(0);
    // The issue's list, each from inside each member.
    const named = [
      'ipv4-tcp',
      'ipv4-udp',
      'ipv6-tcp',
      'icmp',
      'dns',
      'raw-socket',
      'vsock',
      'unix-pathname',
      'unix-abstract',
      'descriptors',
      'host-process',
    ];
    for (const member of ['site:a', 'site:b']) {
      for (const path of named) {
        expect(
          proof.attempts.some((attempt) => attempt.path === path && attempt.target.startsWith(member)),
          `${path} from ${member}`,
        ).toBe(true);
      }
    }
  });

  it('declared ports work and no other, from one member to another', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    await proofOf([]);
    const status = answers.status.parse(helper?.rooms.status());
    const addressOf = (id: string) => status.rooms[0]?.members.find((member) => member.id === id)?.address;
    const again = await obeyed({
      id: 4,
      verb: 'startMember',
      room: 'recovery',
      epoch: 1,
      member: ground?.member('a', { reaches: [{ member: 'site:b', port: 4000 }] }) ?? never(),
    });
    const a: Answer<'startMember'> = answers.startMember.parse(again);
    expect(await ask(a.gateway['4000'], `connect ${addressOf('site:b')} 4000`)).toBe('answered hello');
    expect(await ask(a.gateway['4000'], `connect ${addressOf('site:b')} 5000`)).toBe('no answer');
    expect(await ask(a.gateway['5000'], 'whoami')).toBe('65534');
  });

  it.for(controls)(
    'reports what escapes when $weak is opened on purpose',
    async ({ weak, members, escapes }, context) => {
      if (cannot !== undefined) return context.skip(cannot);
      const proof = await proofOf(weak, members);
      const escaped = escapesOf(proof);
      for (const expected of escapes) {
        const [path, target = ''] = expected.split(' → ');
        const found = escaped.some((attempt) => attempt.path === path && attempt.target.includes(target));
        expect(
          found,
          `${expected}; escaped: ${escaped.map((attempt) => `${attempt.path} ${attempt.target}`).join(', ')}`,
        ).toBe(true);
      }
      expect(proof.escaped).toBe(escaped.length);
    },
  );

  it('never links a member whose packet filter did not load', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    await expect(proofOf(['broken-rules'], ['a'])).rejects.toThrow(/clean-room-rules-failed/);
    expect(answers.status.parse(helper?.rooms.status()).rooms[0]?.members).toEqual([]);
  });
});

function never(): never {
  throw new Error('no ground');
}
