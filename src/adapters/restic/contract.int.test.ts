import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accept } from '../../journal/result.ts';
import { backupSourceContract } from '../../restore/backupSource.contract.ts';
import { SourceGround } from '../files/ground.ts';
import { freePort, installed } from '../fixtures/service.ts';
import { openssl, rclone, selfSigned, served } from './fixtures/servedRepository.ts';
import type { ResticRepository } from './password.ts';
import { ResticSource } from './source.ts';
import { ToolSource } from './tool/source.ts';

const restic = installed('/usr/bin/restic');

for (const [name, sourceOf] of [
  ['restic, a folder read here', (where: ResticRepository) => new ResticSource(where)],
  ['restic, read with its own binary', (where: ResticRepository) => new ToolSource(where)],
] as const)
  backupSourceContract(name, async (nights) => {
    if (restic === undefined) return { cannot: 'restic is not installed' };
    const { repository, passwordFile, ground, ...more } = backedUp(nights);
    return {
      source: sourceOf({ repository, passwordFile }),
      elsewhere: sourceOf({ repository: join(ground.folder, 'not-mounted'), passwordFile }),
      ...more,
      end: async () => ground.remove(),
    };
  });

backupSourceContract('restic, behind a server that only takes more', async (nights) => {
  if (restic === undefined || rclone === undefined || openssl === undefined)
    return { cannot: 'restic, rclone or openssl is not installed' };
  const { repository, passwordFile, ground, ...more } = backedUp(nights);
  const { key, certificate } = selfSigned(ground.folder);
  const server = await served(repository, [
    '--cert',
    certificate,
    '--key',
    key,
    '--user',
    'reflexe',
    '--pass',
    'pa:ss',
  ]);
  const at = (port: number): ResticRepository => ({
    repository: `rest:https://reflexe@localhost:${port}`,
    server: { password: async () => accept('pa:ss'), authorityFile: certificate },
    passwordFile,
  });
  return {
    source: new ResticSource(at(server.port)),
    elsewhere: new ResticSource(at(await freePort())),
    ...more,
    end: async () => {
      await server[Symbol.asyncDispose]();
      ground.remove();
    },
  };
});

/** A repository that restic wrote, a snapshot a night. */
function backedUp(nights: Parameters<Parameters<typeof backupSourceContract>[1]>[0]) {
  const ground = new SourceGround();
  const data = join(ground.folder, 'data');
  const repository = join(ground.folder, 'repository');
  const passwordFile = join(ground.folder, 'password');
  writeFileSync(passwordFile, 'a password', { mode: 0o600 });
  mkdirSync(data);
  const run = (...args: string[]) =>
    execFileSync(restic ?? 'restic', ['--repo', repository, '--no-cache', '--quiet', ...args], {
      env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD_FILE: passwordFile, TZ: 'UTC' },
      cwd: data,
    });
  const packs = () =>
    readdirSync(join(repository, 'data'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(repository, 'data', name))
      .filter((path) => statSync(path).isFile());
  run('init');
  /** Packs each night added: the largest holds its files' bytes. */
  const added: string[][] = [];
  for (const { time, tree } of nights) {
    const before = new Set(packs());
    ground.write(data, tree);
    run('backup', '.', '--time', time.slice(0, 19).replace('T', ' '));
    added.push(packs().filter((path) => !before.has(path)));
  }
  return {
    repository,
    passwordFile,
    ground,
    into: ground.into,
    read: ground.read,
    damage: async (night: number) => {
      const [pack = ''] = (added[night] ?? []).toSorted((one, other) => statSync(other).size - statSync(one).size);
      const content = readFileSync(pack);
      chmodSync(pack, 0o600);
      content[5000] = (content[5000] ?? 0) ^ 0xff;
      writeFileSync(pack, content);
    },
    fingerprint: () => ground.fingerprint(repository),
  };
}
