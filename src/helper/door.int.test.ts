import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Refusal, Result } from '../journal/result.ts';
import { openDoorway } from './doorway.ts';
import { ask, cannotMakeRooms, Ground } from './fixtures/ground.ts';
import { type Helper, type HelperOptions, startHelper } from './helper.ts';
import { answers, type Request, requestBytesMax } from './protocol.ts';

const cannot = cannotMakeRooms();
/** Neither root nor the user of any program: the hub of a hospital. */
const hubUid = 61_234;
let ground: Ground;
let helper: Helper | undefined;

beforeEach((context) => {
  if (cannot !== undefined) context.skip(cannot);
  ground = new Ground();
});
afterEach(async () => {
  if (cannot !== undefined) return;
  await endLife();
  const left = ground.leftovers();
  ground.remove();
  expect(left).toEqual([]);
});

async function endLife(): Promise<void> {
  const ending = helper;
  helper = undefined;
  await ending?.stop({ closeRooms: true });
}

async function life(more: Partial<HelperOptions> = {}): Promise<Result<Helper>> {
  const started = await startHelper({
    socket: ground.socket,
    folder: ground.state,
    hubUid: 0,
    programsFile: ground.programs,
    ...more,
  });
  if (started.ok) helper = started.value;
  return started;
}

const roomsNow = () => answers.status.parse(helper?.rooms.status()).rooms;

const refusalOf = (result: Result<unknown> | undefined): Refusal => {
  if (result === undefined || result.ok) throw new Error('expected a refusal');
  return result.refusal;
};

/** Raw bytes to the door, and every line it answers before it closes or `lines` are heard. */
async function say(
  bytes: string,
  lines: number,
): Promise<{ id: unknown; ok: boolean; refusal?: Refusal; value?: unknown }[]> {
  const socket = createConnection(ground.socket);
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('utf8').on('error', () => {});
  const heard = new Promise<void>((resolve) => {
    socket.on('data', (part: string) => {
      text += part;
      if (text.split('\n').length > lines) resolve();
    });
    socket.once('close', () => resolve());
  });
  socket.write(bytes);
  await heard;
  socket.destroy();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Says one line to a socket as another user, from a process of its own; rejects where it may not even connect. */
async function speakAs(uid: number, socket: string, line: string): Promise<string> {
  const client = `use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$!\\n";
    $SIG{PIPE} = 'IGNORE'; $s->print("$ARGV[1]\\n"); $s->flush; print scalar <$s>`;
  const become = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
  const args = [...become, '/usr/bin/perl', '-e', client, socket, line];
  return (await promisify(execFile)('/usr/bin/setpriv', args, { timeout: 60_000 })).stdout;
}

const sayAs = async (uid: number, line: string): Promise<{ ok?: boolean; refusal?: Refusal }> =>
  JSON.parse(await speakAs(uid, ground.socket, line));

const factsNow = () =>
  readFileSync(join(ground.state, 'record.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const room = { room: 'recovery', epoch: 1 };
const open = (folder = ground.room): Request => ({ id: 1, verb: 'openRoom', ...room, folder });
const start = (member: ReturnType<Ground['member']>): Request => ({ id: 2, verb: 'startMember', ...room, member });

describe('the helper’s vocabulary', () => {
  it('refuses what is not in it, names the field, and goes on', async () => {
    await life();
    const refused = [
      'not json',
      '{}',
      '{"id":7,"verb":"runCommand","command":"id"}',
      '{"id":8,"verb":"status","extra":1}',
      JSON.stringify({ id: 9, verb: 'openRoom', ...room, folder: '../etc' }),
      JSON.stringify({ id: 10, verb: 'openRoom', ...room, folder: '/srv/../etc' }),
      JSON.stringify({ id: 11, verb: 'openRoom', ...room, room: 'a/b', folder: '/srv' }),
      JSON.stringify({ id: 14, verb: 'closeRoom', ...room, room: 'constructor' }),
      JSON.stringify({ id: 12, verb: 'startMember', ...room, member: { ...ground.member('a'), command: ['id'] } }),
      JSON.stringify({ id: 13, verb: 'startMember', ...room, member: { ...ground.member('a'), listens: [0] } }),
    ];
    const replies = await say(`${[...refused, '{"id":99,"verb":"status"}'].join('\n')}\n`, refused.length + 1);
    expect(replies.map(({ id }) => id)).toEqual([null, null, 7, 8, 9, 10, 11, 14, 12, 13, 99]);
    expect(replies.slice(0, -1).every(({ ok, refusal }) => !ok && refusal?.code === 'request-refused')).toBe(true);
    expect(replies[4]?.refusal?.message).toContain('folder');
    expect(replies.at(-1)?.ok).toBe(true);
  });

  it('refuses a message too long, and hears no more from that connection', async () => {
    await life();
    const [reply, ...more] = await say(`${'x'.repeat(requestBytesMax + 2)}\n{"id":1,"verb":"status"}\n`, 2);
    expect(reply?.refusal?.code).toBe('request-refused');
    expect(more).toEqual([]);
    expect((await say('{"id":1,"verb":"status"}\n', 1))[0]?.ok).toBe(true);
  });

  it('records each call before its effect, and its outcome after', async () => {
    await life();
    await helper?.rooms.obey(open());
    await helper?.rooms.obey({ id: 3, verb: 'stopMember', ...room, epoch: 0, member: 'site:a' });
    const facts = readFileSync(join(ground.state, 'record.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(facts.map(({ fact, verb }) => (verb === undefined ? fact : `${fact} ${verb}`))).toEqual([
      'called openRoom',
      'epochSeen',
      'roomOpening',
      'roomOpened',
      'returned openRoom',
      'called stopMember',
      'returned stopMember',
    ]);
    expect(facts.at(-1)).toMatchObject({ ok: false, code: 'epoch-too-old' });
    expect(statSync(join(ground.state, 'record.jsonl')).mode & 0o777).toBe(0o600);
  });
});

describe('who speaks', () => {
  const nobody = 65_534;
  const status = '{"id":1,"verb":"status"}';

  it('is the hub or root by the kernel’s word, also where the modes of folder and socket would let anyone in', async () => {
    await life({ hubUid });
    await expect(sayAs(nobody, status)).rejects.toThrow('Permission denied');
    for (const folder of [ground.base, join(ground.base, 'door')]) chmodSync(folder, 0o755);
    chmodSync(ground.socket, 0o666);
    const foreign = await sayAs(nobody, JSON.stringify(open()));
    expect(foreign).toMatchObject({ ok: false, refusal: { code: 'caller-refused', retryable: false } });
    expect((await sayAs(hubUid, status)).ok).toBe(true);
    expect((await sayAs(0, status)).ok).toBe(true);
    expect(roomsNow()).toEqual([]);
    const told = factsNow().map(({ fact, why, verb, peer }) => [fact, why ?? verb, peer?.uid]);
    expect(told).toEqual([
      ['unheard', 'caller-refused', nobody],
      ['called', 'status', hubUid],
      ['returned', 'status', undefined],
      ['called', 'status', 0],
      ['returned', 'status', undefined],
    ]);
  });

  it('is recorded with each call, by process; what is not understood is recorded too, but never repeated', async () => {
    await life();
    await say('{"id":1,"verb":"runCommand","command":"secret"}\n{"id":2,"verb":"status"}\n', 2);
    const peer = { uid: 0, pid: process.pid };
    expect(factsNow()).toMatchObject([
      { fact: 'unheard', why: 'request-refused', peer },
      { fact: 'called', verb: 'status', peer },
      { fact: 'returned', verb: 'status' },
    ]);
    expect(readFileSync(join(ground.state, 'record.jsonl'), 'utf8')).not.toContain('secret');
  });

  it('and asks too much waits: nothing is done meanwhile, and the others are heard', async () => {
    await life();
    const asked = 400;
    const replies = await say('{"id":1,"verb":"status"}\n'.repeat(asked), asked);
    const refused = replies.filter(({ refusal }) => refusal?.code === 'too-many-calls');
    expect(replies).toHaveLength(asked);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ refusal }) => refusal?.retryable)).toBe(true);
    expect(replies.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(256);
    expect(factsNow().filter(({ fact }) => fact === 'called').length).toBe(asked - refused.length);
  });

  it('a link or a file put where the socket was made is not given away', async () => {
    const hub = { uid: hubUid, gid: hubUid };
    const target = join(ground.base, 'precious');
    writeFileSync(target, '');
    for (const replace of [symlinkSync, linkSync, () => {}]) {
      const doorway = await openDoorway(ground.socket, hub);
      if (!doorway.ok) throw new Error(doorway.refusal.message);
      replace(target, ground.socket);
      expect(refusalOf(doorway.value.give())).toMatchObject({ code: 'helper-socket-refused' });
      doorway.value.close();
      rmSync(ground.socket, { force: true });
    }
    expect(statSync(target).uid).toBe(0);
  });

  it('its folder is made and reached without following a link', async () => {
    const elsewhere = join(ground.base, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(ground.base, 'door'));
    expect(refusalOf(await life({ hubUid }))).toMatchObject({ code: 'helper-socket-refused' });
    expect(refusalOf(await life({ hubUid, socket: join(ground.base, 'door', 'inner', 'helper.sock') })).code).toBe(
      'helper-socket-refused',
    );
    expect(statSync(elsewhere).uid).toBe(0);
    rmSync(join(ground.base, 'door'));
  });
});

describe('folders', () => {
  it('follows no symbolic link, to a room or inside it', async () => {
    await life();
    symlinkSync(ground.room, join(ground.base, 'link'));
    expect(refusalOf(await helper?.rooms.obey(open(join(ground.base, 'link')))).code).toBe('path-refused');
    await helper?.rooms.obey(open());
    symlinkSync('/etc', join(ground.room, 'inner'));
    for (const path of ['inner', 'inner/ssl', 'missing']) {
      const refused = await helper?.rooms.obey(
        start({ ...ground.member('a'), dataDirectory: join(ground.room, path) }),
      );
      expect(refusalOf(refused)).toMatchObject({ code: 'path-refused', where: join(ground.room, path) });
    }
  });

  it('changes the owner of nothing beyond the data folder, whatever links it holds', async () => {
    await life();
    const data = ground.data('a');
    const outside = join(ground.base, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), '');
    symlinkSync(outside, join(data, 'link'));
    symlinkSync(join(outside, 'file'), join(data, 'file-link'));
    await helper?.rooms.obey(open());
    expect((await helper?.rooms.obey(start(ground.member('a'))))?.ok).toBe(true);
    expect(statSync(data)).toMatchObject({ uid: 65_534 });
    expect(statSync(outside).uid).toBe(0);
    expect(statSync(join(outside, 'file')).uid).toBe(0);
  });

  it('lets a hub that is not root use its own folder only, and gives back what it lent', async () => {
    // As a service of the machine has it.
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    await life({ hubUid });
    expect(refusalOf(await helper?.rooms.obey(open())).message).toContain('belongs to user 0');
    chownSync(ground.room, hubUid, hubUid);
    const data = ground.data('a', hubUid);
    writeFileSync(join(data, 'lent'), '');
    chownSync(join(data, 'lent'), hubUid, hubUid);
    writeFileSync(join(data, 'of-root'), '');
    expect((await helper?.rooms.obey(open()))?.ok).toBe(true);
    const foreign = start({ ...ground.member('b'), dataDirectory: ground.data('b') });
    expect(refusalOf(await helper?.rooms.obey(foreign)).code).toBe('path-refused');

    const member = { ...ground.member('a'), dataDirectory: data };
    chownSync(data, hubUid, hubUid);
    const started = await helper?.rooms.obey(start(member));
    const { gateway } = answers.startMember.parse(started?.ok ? started.value : started);
    expect(statSync(join(data, 'lent')).uid).toBe(65_534);
    expect(statSync(join(data, 'of-root')).uid).toBe(0);
    const socket = statSync(gateway['4000'] ?? '');
    expect([socket.uid, socket.mode & 0o777]).toEqual([hubUid, 0o600]);
    const [own, ofRoom] = [dirname(gateway['4000'] ?? ''), dirname(dirname(gateway['4000'] ?? ''))].map((path) =>
      statSync(path),
    );
    expect([own?.uid, (own?.mode ?? 0) & 0o777]).toEqual([hubUid, 0o700]);
    expect([ofRoom?.uid, (ofRoom?.mode ?? 0) & 0o777], 'root’s: nobody puts a link there').toEqual([0, 0o711]);
    chmodSync(ground.base, 0o755);
    expect(await speakAs(hubUid, gateway['4000'] ?? '', 'the hub itself')).toBe('the hub itself\n');
    await expect(speakAs(65_534, gateway['4000'] ?? '', 'its own user')).rejects.toThrow('Permission denied');
    expect(await ask(gateway['4000'], 'write /data/written by the member')).toBe('written');
    expect(await ask(gateway['4000'], 'write /tmp/x y')).toBe('written');
    expect(await ask(gateway['4000'], `write ${ground.base}/x y`)).toMatch(/^not written/);

    await helper?.rooms.obey({ id: 4, verb: 'stopMember', ...room, member: member.id });
    expect([data, join(data, 'lent'), join(data, 'written')].map((path) => statSync(path).uid)).toEqual([
      hubUid,
      hubUid,
      hubUid,
    ]);
    expect(statSync(join(data, 'of-root')).uid).toBe(0);
  });

  it('ends a member whose data folder was taken away meanwhile', async () => {
    await life();
    await helper?.rooms.obey(open());
    await helper?.rooms.obey(start(ground.member('a')));
    renameSync(join(ground.room, 'a'), join(ground.base, 'away'));
    symlinkSync('/etc', join(ground.room, 'a'));
    expect((await helper?.rooms.obey({ id: 4, verb: 'stopMember', ...room, member: 'site:a' }))?.ok).toBe(true);
    rmSync(join(ground.room, 'a'));
  });

  it('stays inside the folder for rooms, when root named one', async () => {
    await life({ roomsFolder: join(ground.base, 'elsewhere') });
    expect(refusalOf(await helper?.rooms.obey(open())).message).toContain('not inside');
  });
});

describe('starting the helper', () => {
  it('opens its socket to the hub alone', async () => {
    await life({ hubUid });
    const socket = statSync(ground.socket);
    expect([socket.uid, socket.mode & 0o777]).toEqual([hubUid, 0o600]);
    expect(statSync(join(ground.base, 'door'))).toMatchObject({ uid: hubUid });
    expect(statSync(join(ground.base, 'door')).mode & 0o777).toBe(0o700);
  });

  it('refuses a socket folder open to others, a path that is no socket, and a second life beside the first', async () => {
    mkdirSync(join(ground.base, 'door'), { mode: 0o755 });
    expect(refusalOf(await life())).toMatchObject({ code: 'helper-socket-refused', where: join(ground.base, 'door') });
    chmodSync(join(ground.base, 'door'), 0o700);
    writeFileSync(ground.socket, 'precious');
    expect(refusalOf(await life()).code).toBe('helper-socket-refused');
    expect(readFileSync(ground.socket, 'utf8')).toBe('precious');
    rmSync(ground.socket);
    await life();
    expect(
      refusalOf(await startHelper({ socket: ground.socket, folder: `${ground.base}/other`, hubUid: 0 })).message,
    ).toContain('another helper');
  });

  it('refuses a programs file that others than root could change, and says which place', async () => {
    chmodSync(ground.programs, 0o666);
    expect(refusalOf(await life())).toMatchObject({ code: 'programs-refused', where: ground.programs });
    chmodSync(ground.programs, 0o600);
    chownSync(ground.programs, hubUid, hubUid);
    expect(refusalOf(await life()).message).toContain(`belongs to user ${hubUid}`);
    chownSync(ground.programs, 0, 0);
    chmodSync(ground.base, 0o777);
    expect(refusalOf(await life()).message).toContain(ground.base);
    chmodSync(ground.base, 0o700);
    expect((await life()).ok).toBe(true);
  });

  it('refuses a damaged record without touching anything, and forgets half a last line', async () => {
    await life();
    await helper?.rooms.obey(open());
    await helper?.stop({ closeRooms: false });
    helper = undefined;
    const path = join(ground.state, 'record.jsonl');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, `{"fact":"half\n${whole}`);
    expect(refusalOf(await life())).toMatchObject({ code: 'helper-record-damaged', where: `${path}:1` });
    writeFileSync(path, `${whole}{"fact":"roomClo`);
    expect((await life()).ok).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(whole);
    expect(roomsNow()).toHaveLength(1);
  });

  it('starts nothing it cannot record: a full disk', async () => {
    mkdirSync(ground.state);
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=711', 'tmpfs', ground.state]);
    try {
      await life();
      const filling = join(ground.state, 'filling');
      expect(() => writeFileSync(filling, Buffer.alloc(100_000))).toThrow(/ENOSPC/);
      expect(refusalOf(await helper?.rooms.obey(open()))).toMatchObject({ code: 'helper-failed', retryable: true });
      expect(roomsNow()).toEqual([]);
      rmSync(filling);
      expect((await helper?.rooms.obey(open()))?.ok).toBe(true);
      await endLife();
      expect(ground.leftovers()).toEqual([]);
      expect((await life()).ok, 'half a line was taken back').toBe(true);
      await endLife();
    } finally {
      await endLife();
      execFileSync('/usr/bin/umount', [ground.state]);
    }
  });

  it('bounds a member’s memory and processes, and says what it cannot bound', async (context) => {
    await life();
    const { limits } = answers.status.parse(helper?.rooms.status());
    const missing = ['memory', 'pids', 'cpu'].filter((controller) => !limits.controllers.includes(controller));
    if (missing.length > 0) expect(limits.reason).toContain(missing.join(', '));
    await helper?.rooms.obey(open());
    const started = await helper?.rooms.obey(start(ground.member('a')));
    const { pid, gateway } = answers.startMember.parse(started?.ok ? started.value : started);
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max core file size +0 +0 /);
    if (missing.includes('memory')) return context.skip('not run: no memory cgroup can be written here');
    expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).toMatch(/\/rfx-[0-9a-f]{6}-1\n/);
    expect(await ask(gateway['4000'], 'allocate 16')).toBe('allocated 16');
    expect(await ask(gateway['4000'], 'allocate 512')).toBe('');
    expect(await ask(gateway['4000'], 'the gateway lives')).toBe('the gateway lives');
  });
});
