import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';

/** What a bare machine has: no Node of ours, no npm, nothing of this run's environment. */
const bare = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent', LANG: 'en_US.UTF-8' };
const whyNot = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root makes network namespaces';
  return ['/usr/bin/unshare', '/usr/bin/nsenter'].every((path) => existsSync(path))
    ? undefined
    : 'util-linux is not installed';
};

interface Answer {
  status: number;
  said: string;
}

/**
 * The bundle on a machine without a network, for real: made, installed, started and asked in a network namespace that has no link
 * but its own loopback; updated, gone back, refused. Called from the package's test, which has just built what is bundled.
 */
export function bundleTests(project: string): void {
  describe('the bundle, where there is no network', () => {
    let folder = '';
    let file = '';
    const place = (...path: string[]): string => join(folder, ...path);
    const current = (...path: string[]): string => place('root', 'opt', 'reflexe', 'current', ...path);
    const unpacked = (): string =>
      place('unpacked', `reflexe-${versionOf(project)}-${process.platform}-${process.arch}`);

    /** Runs a program where nothing can be reached. */
    function apart(command: string, args: readonly string[], cwd = folder): Answer {
      try {
        const said = execFileSync('unshare', ['--net', '--', command, ...args], { cwd, env: bare, stdio: 'pipe' });
        return { status: 0, said: said.toString() };
      } catch (error) {
        if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') throw error;
        const parts = [error].flatMap((one) => ['stdout', 'stderr'].map((name) => String(Reflect.get(one, name))));
        return { status: error.status, said: parts.join('') };
      }
    }
    const installed = (...args: string[]): Answer => apart(current('bin', 'reflexe'), args);
    const update = (...args: string[]): Answer => installed('update', ...args, '--prefix', place('root'), '--json');

    beforeAll(() => {
      if (whyNot() !== undefined) return;
      folder = mkdtempSync(join(tmpdir(), 'bundle-'));
      const { privateKey } = generateKeyPairSync('ed25519');
      writeFileSync(place('key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
      file = place('one.tar.gz');
      bundled(join(project, 'bin', 'reflexe.mjs'), file);
      mkdirSync(place('unpacked'));
      execFileSync('tar', ['-xzf', file, '-C', place('unpacked')]);
    }, 300_000);
    afterAll(() => {
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });

    function bundled(program: string, out: string): void {
      const args = ['bundle', '--out', out, '--sign-key', place('key.pem'), '--no-build', '--json'];
      const command = program.endsWith('.mjs') ? [process.execPath, program, ...args] : [program, ...args];
      const said = execFileSync(command[0] ?? '', command.slice(1), { cwd: folder, stdio: 'pipe' }).toString();
      expect(JSON.parse(said)).toMatchObject({ ok: true, signed: true });
    }
    const needed = (context: TestContext): void => {
      const why = whyNot();
      if (why !== undefined) context.skip(why);
    };

    test('installs, twice over with the same outcome, and says where', (context) => {
      needed(context);
      const stray = join(unpacked(), 'node_modules', 'stray.js');
      writeFileSync(stray, '');
      const refused = apart('sh', ['install.sh', '--prefix', place('root')], unpacked());
      expect(refused).toMatchObject({ status: 1, said: expect.stringContaining('does not name') });
      rmSync(stray);
      for (const _ of ['first', 'again']) {
        const { status, said } = apart('sh', ['install.sh', '--prefix', place('root')], unpacked());
        expect({ status, said }).toMatchObject({
          status: 0,
          said: expect.stringContaining(`Reflexe ${versionOf(project)}`),
        });
      }
      expect(readlinkSync(place('root', 'opt', 'reflexe', 'current'))).toBe(`versions/${versionOf(project)}`);
      expect(installed('--version')).toEqual({ status: 0, said: `${versionOf(project)}\n` });
      for (const shipped of [
        'dist/reflexe-verify.mjs',
        'dist/sbom.cdx.json',
        'dist/web/index.html',
        'docs/install.md',
      ]) {
        expect(existsSync(current(shipped)), shipped).toBe(true);
      }
      expect(existsSync(current('node_modules', 'vitest'))).toBe(false);
      expect(existsSync(current('src'))).toBe(false);
    }, 120_000);

    test('starts and answers where the only link is the machine’s own', async (context) => {
      needed(context);
      const hub = spawn(
        'unshare',
        [
          '--net',
          '--',
          'sh',
          '-c',
          `ip link set lo up && exec "$0" "$@"`,
          current('bin', 'reflexe'),
          'start',
          '--port',
          '0',
          '--data',
          place('root', 'data'),
        ],
        { env: bare, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      const ended = new Promise((resolve) => hub.on('close', resolve));
      try {
        const address = await addressOf(hub);
        const inside = (...args: string[]): string =>
          execFileSync('nsenter', [`--net=/proc/${hub.pid}/ns/net`, '--', ...args], {
            env: bare,
            stdio: 'pipe',
          }).toString();
        const links = inside('ip', '-brief', 'link').trim().split('\n');
        expect(links).toEqual([expect.stringMatching(/^lo\s/)]);
        const ask = `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(process.argv[1]).then((answer) => answer.text()).then(console.log)`;
        const node = current('node', 'bin', 'node');
        expect(JSON.parse(inside(node, '-e', ask, `${address}/api/health`))).toEqual({ ready: true });
        expect(inside(node, '-e', ask, address)).toContain('<div id="root"');
      } finally {
        hub.kill('SIGTERM');
        await ended;
      }
      expect(hub.exitCode).toBe(0);
      expect(
        apart(current('node', 'bin', 'node'), [current('dist', 'reflexe-verify.mjs'), place('root', 'data'), '--json']),
      ).toMatchObject({ status: 0 });
    }, 120_000);

    test('a signed update takes its place and goes back; a newer version is made from an installed one', (context) => {
      needed(context);
      const manifest = join(unpacked(), 'package.json');
      writeFileSync(
        manifest,
        readFileSync(manifest, 'utf8').replace(`"version": "${versionOf(project)}"`, '"version": "99.0.0"'),
      );
      bundled(join(unpacked(), 'bin', 'reflexe'), place('two.tar.gz'));
      const data = ['--data', place('root', 'data')];
      expect(JSON.parse(update(place('two.tar.gz'), ...data).said)).toMatchObject({
        ok: true,
        release: '99.0.0',
        previous: versionOf(project),
      });
      expect(installed('--version').said).toBe('99.0.0\n');
      expect(JSON.parse(update('--rollback', ...data).said)).toMatchObject({ ok: true, release: versionOf(project) });
      expect(installed('--version').said).toBe(`${versionOf(project)}\n`);
      const again = apart('sh', ['install.sh', '--prefix', place('root')], unpacked());
      // The folder was changed by hand just above: the installer sees it before anything else.
      expect(again).toMatchObject({ status: 1, said: expect.stringContaining('package.json') });
    }, 300_000);

    test('one altered byte, and nothing of it is installed', (context) => {
      needed(context);
      const bytes = readFileSync(place('two.tar.gz'));
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(place('altered.tar.gz'), bytes);
      const { status, said } = update(place('altered.tar.gz'), '--data', place('root', 'data'));
      expect({ status, said }).toMatchObject({ status: 1, said: expect.stringContaining('bundle-refused') });
      expect(installed('--version').said).toBe(`${versionOf(project)}\n`);
    }, 120_000);
  });
}

const versionOf = (project: string): string => {
  const { version }: { version: string } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  return version;
};

/** The address the hub prints; fails with all it said when it ends before. */
async function addressOf(hub: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (hub.stdout === null || hub.stderr === null) throw new Error('its output is not read');
  hub.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  for await (const line of createInterface(hub.stdout)) {
    said.push(line);
    const [address] = /https?:\/\/localhost:\d+/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`it ended before printing its address:\n${said.join('\n')}`);
}
