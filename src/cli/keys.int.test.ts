import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installed, type TemporaryFolder, temporaryFolder } from '../adapters/fixtures/service.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'src', 'cli', 'reflexe.ts');
const script = installed('/usr/bin/script');
const phrase = 'correct cheval pile agrafe';

let place: TemporaryFolder;
let data: string;
let hub: ChildProcess | undefined;
beforeEach(async () => {
  place = await temporaryFolder();
  data = join(place.path, 'data');
});
afterEach(async () => {
  await stop();
  await place[Symbol.asyncDispose]();
});

async function stop(): Promise<void> {
  if (hub === undefined || hub.exitCode !== null || hub.signalCode !== null) return;
  hub.kill('SIGTERM');
  await once(hub, 'exit');
}

function reflexe(words: string, input = '') {
  const args = [program, ...words.split(' '), '--data', data, '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', input, cwd: root });
  return { status, stderr, document: stdout === '' ? undefined : JSON.parse(stdout) };
}

interface Heard {
  said(): string;
  /** Resolves once the hub has said it. */
  until(words: RegExp): Promise<void>;
}

function listen(child: ChildProcess): Heard {
  let said = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      for (const look of waiting) look();
    });
  }
  return {
    said: () => said,
    until: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (words.test(said)) resolve();
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error(`the hub ended: ${said}`)));
        look();
      }),
  };
}

function start(): Heard {
  hub = spawn(process.execPath, [program, 'start', '--port', '0', '--data', data, '--lang', 'en'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return listen(hub);
}

describe('reflexe keys, reflexe secret', () => {
  it('protect a folder by people alone: its hub waits, says so, and opens by shares or by a passphrase', async () => {
    expect(reflexe('keys status')).toMatchObject({ status: 1, document: { error: { code: 'keys-not-made' } } });
    expect(reflexe('secret set backup', 'a secret\n')).toMatchObject({
      status: 0,
      document: { name: 'backup', replaced: false },
    });
    expect(reflexe('keys add passphrase --label coffre', `${phrase}\n`)).toMatchObject({
      status: 0,
      document: { shares: [] },
    });
    const quorum = reflexe('keys add quorum');
    const [one, two] = quorum.document.shares;
    const { protectors } = reflexe('keys status').document;
    expect(protectors.map(({ kind }: { kind: string }) => kind)).toEqual(['file', 'passphrase', 'quorum']);
    expect(reflexe(`keys remove ${protectors[0].id}`).document.protectors).toHaveLength(2);
    expect(reflexe('keys unlock', `${phrase}\n`)).toMatchObject({
      status: 1,
      document: { error: { code: 'hub-not-running' } },
    });
    expect(reflexe('secret list', 'wrong\n')).toMatchObject({
      status: 1,
      document: { error: { code: 'unlock-wrong' } },
    });
    expect(reflexe('secret list', `${phrase}\n`).document.secrets).toMatchObject([{ name: 'backup' }]);

    const heard = start();
    await heard.until(/waits for the key/);
    expect(heard.said()).toMatch(
      /^Reflexe waits for the key of its data: give the passphrase or two shares of three, [^\n]*keys unlock[^\n]*\n$/,
    );
    expect(reflexe('keys status').document.state).toBe('locked');
    expect(statSync(join(data, 'keys', 'hub.socket')).mode & 0o777).toBe(0o600);
    expect(reflexe('secret set other', 'x')).toMatchObject({ status: 1, document: { error: { code: 'keys-locked' } } });
    expect(reflexe('keys unlock --shares', `${one}\n`)).toMatchObject({
      document: { error: { code: 'shares-too-few' } },
    });
    const wrong = `${two.slice(0, 30)}${two[30] === 'A' ? 'B' : 'A'}${two.slice(31)}`;
    expect(reflexe('keys unlock --shares', `${one}\n${wrong}\n`)).toMatchObject({
      document: { error: { code: 'share-misread', where: expect.stringMatching(/share 2, line 3, letter 1 /) } },
    });
    expect(reflexe('keys unlock --shares', `${one}\n${two}\n`).document.state).toBe('open');
    await heard.until(/ready/);

    // Everything through the hub that runs.
    expect(reflexe('secret set other', 'another').status).toBe(0);
    expect(reflexe('secret remove backup').status).toBe(0);
    expect(reflexe('secret list').document.secrets).toMatchObject([{ name: 'other' }]);
    const rotated = reflexe('keys rotate', 'une toute autre phrase\n');
    expect(rotated).toMatchObject({ status: 0, stderr: '', document: { shares: [{ codes: [{}, {}, {}] }] } });
    expect(reflexe('keys status').document).toMatchObject({
      state: 'open',
      rotating: false,
      master: rotated.document.master,
    });
    await stop();
    expect(reflexe('secret list', `${phrase}\n`)).toMatchObject({ document: { error: { code: 'unlock-wrong' } } });
    expect(reflexe('secret list', 'une toute autre phrase\n').document.secrets).toMatchObject([{ name: 'other' }]);
  }, 180_000);

  it('say nothing of what was typed on a terminal', async (context) => {
    if (script === undefined) return context.skip('script (util-linux) is not installed');
    expect(reflexe('keys add passphrase', `${phrase}\n`).status).toBe(0);
    expect(reflexe(`keys remove ${reflexe('keys status').document.protectors[0].id}`).status).toBe(0);
    const words = [process.execPath, program, 'start', '--port', '0', '--data', data, '--lang', 'en'];
    hub = spawn(script, ['-q', '-e', '-c', words.join(' '), '/dev/null'], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const heard = listen(hub);
    await heard.until(/Passphrase: /);
    hub.stdin?.write('not this one\r');
    await heard.until(/does not open[\s\S]*Passphrase: /);
    hub.stdin?.write(`${phrase}?\u007f\r`);
    await heard.until(/ready/);
    expect(heard.said()).not.toContain('not this');
    expect(heard.said()).not.toContain('cheval');
  }, 180_000);

  it('check shares, and say which letter is wrong', () => {
    const { shares } = reflexe('keys add quorum').document;
    expect(reflexe('secret list').status).toBe(0);
    const args = [program, 'keys', 'shares', '--lang', 'en'];
    const check = (input: string) => spawnSync(process.execPath, args, { encoding: 'utf8', input });
    expect(check(`${shares[0]}\n${shares[1]}\n`)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Share 1: right.*\nShare 2: right/),
    });
    const signs = [...String(shares[0])];
    const letters = signs.flatMap((sign, place) => (/[0-9A-Z]/.test(sign) ? [place] : []));
    // Two neighbours that differ: exchanged, the same letter twice is no mistake.
    const nth = letters.findIndex((place, n) => n >= 3 && signs[place] !== signs[letters[n + 1] ?? place]);
    const [one = 0, other = 0] = letters.slice(nth, nth + 2);
    [signs[one], signs[other]] = [signs[other] ?? '', signs[one] ?? ''];
    expect(check(signs.join(''))).toMatchObject({
      status: 1,
      stdout: `Share 1, line 1, letter ${nth + 1}: this letter and the next are exchanged.\n`,
    });
    expect(check('')).toMatchObject({ status: 1 });
  });

  it('keep nothing of what is typed in the folder or the arguments of processes', () => {
    expect(reflexe('secret set snmp', 'canary-17aa\n').status).toBe(0);
    expect(readFileSync(join(data, 'secrets', 'snmp.sealed')).includes('canary-17aa')).toBe(false);
    const help = spawnSync(process.execPath, [program, 'secret', 'set', '--help', '--lang', 'en'], {
      encoding: 'utf8',
    });
    expect(help.stdout).toContain('the value comes from standard input');
    expect(help.stdout).not.toMatch(/--value|--password/);
  });
});
