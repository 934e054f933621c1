import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { accept } from '../../journal/result.ts';
import { backupSourceContract } from '../../restore/backupSource.contract.ts';
import { SourceGround } from '../files/ground.ts';
import { CommandSource } from './source.ts';

const isRoot = process.getuid?.() === 0;
const cannot = 'only root can own the file of commands';
const example = join(import.meta.dirname, '../../../examples/backup-command/rsync-vault');
const work = { signal: new AbortController().signal, progress: () => undefined };

const nameOf = (time: string) => time.replace(/:30:00.000Z$/, '30');

/** A file of commands that only root can write, as in /etc. */
function commandFile(ground: SourceGround, commands: object): string {
  const file = join(ground.folder, 'backup-commands.json');
  writeFileSync(file, JSON.stringify({ commands }), { mode: 0o644 });
  return file;
}

backupSourceContract('a command: the example that is shipped', async (nights) => {
  if (!isRoot) return { cannot };
  const ground = new SourceGround();
  const [vault, program] = [join(ground.folder, 'vault'), join(ground.folder, 'rsync-vault')];
  mkdirSync(vault);
  copyFileSync(example, program);
  chmodSync(program, 0o755);
  for (const { time, tree } of nights) {
    ground.write(join(vault, nameOf(time)), tree);
    const lines = Object.entries(tree).flatMap(([path, content]) =>
      content === null ? [] : [`${createHash('sha256').update(content).digest('hex')}  ./${path}\n`],
    );
    writeFileSync(join(vault, `${nameOf(time)}.sha256`), lines.join(''));
  }
  const lines = (place: string) => ({
    list: [program, place, 'list'],
    fetch: [program, place, 'fetch'],
    entries: [program, place, 'entries'],
    readOnly: [place],
  });
  const file = commandFile(ground, { vault: lines(vault), elsewhere: lines(join(ground.folder, 'not-mounted')) });
  return {
    source: new CommandSource({ name: 'vault', file }),
    elsewhere: new CommandSource({ name: 'elsewhere', file }),
    into: ground.into,
    read: ground.read,
    damage: async (night) => {
      const path = join(vault, nameOf(nights[night]?.time ?? ''), 'base', '16384', '2619');
      const content = readFileSync(path);
      content[1000] = (content[1000] ?? 0) ^ 1;
      writeFileSync(path, content);
    },
    fingerprint: () => ground.fingerprint(vault),
    end: async () => ground.remove(),
  };
});

const ground = new SourceGround();
afterAll(() => ground.remove());

/** A source whose three lines are one script. */
function scripted(body: string, more: object = {}, secret?: string): CommandSource {
  const program = join(ground.folder, `program-${createHash('sha256').update(body).digest('hex').slice(0, 8)}`);
  writeFileSync(program, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const file = commandFile(ground, { it: { list: [program, 'list'], fetch: [program, 'fetch'], ...more } });
  return new CommandSource({
    name: 'it',
    file,
    ...(secret === undefined ? {} : { secret: async () => accept(secret) }),
  });
}

const listing = 'if [ $1 = list ]; then echo \'[{"id":"n1","time":"2026-03-01T02:30:00+01:00"}]\'; exit; fi';

test.skipIf(!isRoot)(
  'it sees what it is given, writes where it may, reaches no network, and gets its secret by a descriptor',
  async () => {
    const hidden = join(ground.folder, 'hidden');
    writeFileSync(hidden, 'a patient');
    const body = `${listing}
cat <&3 > "$3/secret"; cat ${hidden} > "$3/seen" 2>/dev/null
echo x > ${ground.folder}/escaped 2>/dev/null; ls /sys/class/net /proc/net/dev >/dev/null 2>&1; grep -c : /proc/net/dev > "$3/interfaces"; exit 0`;
    // Its own folder is seen, to be run at all: the hidden file stands beside it here, hence another folder for it.
    const source = scripted(body.replaceAll(hidden, '/root/.profile'), {}, 'canary-5b1d');
    const into = await ground.into();
    expect(await source.restore('n1', into, work)).toMatchObject({ value: { problems: [], unverified: 3 } });
    const tree = await ground.read(into);
    expect(Buffer.from(tree.secret ?? []).toString()).toBe('canary-5b1d');
    expect(tree.seen).toHaveLength(0);
    expect(Buffer.from(tree.interfaces ?? []).toString()).toBe('1\n');
    expect(await ground.read(ground.folder)).not.toHaveProperty(['escaped']);
  },
);

test.skipIf(!isRoot)('what it prints is held to what was agreed, and how it ends says of what', async () => {
  for (const printed of [
    'no JSON',
    '[{"id":"../x","time":"2026-03-01T02:30:00Z"}]',
    '[{"id":"a","time":"yesterday"}]',
    '[{"id":"a"}]',
    '{}',
  ])
    expect(await scripted(`echo '${printed}'`).snapshots(work), printed).toMatchObject({
      refusal: { code: 'backup-command-refused' },
    });
  const ends = async (status: number) =>
    scripted(`${listing}\nexit ${status}`).restore('n1', await ground.into(), work);
  expect(await ends(3)).toMatchObject({ refusal: { code: 'snapshot-unknown' } });
  expect(await ends(4)).toMatchObject({ refusal: { code: 'backup-damaged' } });
  expect(await ends(1)).toMatchObject({ refusal: { code: 'backup-unreachable', retryable: true } });
  expect(await scripted('sleep 60', { listSeconds: 1 }).snapshots(work)).toMatchObject({
    refusal: { code: 'backup-unreachable' },
  });
  expect(await scripted(listing).entries('n1', '', work)).toMatchObject({ refusal: { code: 'backup-not-listed' } });
});

test.skipIf(!isRoot)('a file or a program that others can write is not followed', async () => {
  const source = scripted(listing);
  const file = join(ground.folder, 'backup-commands.json');
  chmodSync(file, 0o666);
  expect(await source.snapshots(work)).toMatchObject({ refusal: { code: 'backup-command-refused' } });
  chmodSync(file, 0o644);
  expect(await source.snapshots(work)).toMatchObject({ ok: true, value: [{ time: '2026-03-01T01:30:00.000Z' }] });
  const [program] = JSON.parse(readFileSync(file, 'utf8')).commands.it.list;
  chmodSync(program, 0o777);
  expect(await source.snapshots(work)).toMatchObject({ refusal: { code: 'backup-command-refused' } });
  expect(await new CommandSource({ name: 'absent', file }).snapshots(work)).toMatchObject({
    refusal: { code: 'backup-command-refused' },
  });
});
