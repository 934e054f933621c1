import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../adapters/fixtures/service.ts';

const program = fileURLToPath(new URL('./reflexe.ts', import.meta.url));

function reflexe(
  ...args: string[]
): Promise<{ status: number | null; json: Record<string, unknown>; text: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [text, errors] = ['', ''];
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('close', (status) =>
      resolve({ status, json: args.includes('--json') ? JSON.parse(text) : {}, text, errors }),
    );
  });
}

describe('reflexe detect try', () => {
  let folder: TemporaryFolder;
  const server = createServer((request, response) => {
    response.statusCode =
      request.headers.authorization === `Basic ${Buffer.from('reflexe:p@ss').toString('base64')}` ? 200 : 401;
    response.end('ready');
  });
  const file = (name: string) => join(folder.path, name);

  beforeAll(async () => {
    folder = await temporaryFolder();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const check = (id: string, more: string) =>
      `  - {id: ${id}, component: ehr, kind: http, url: 'http://127.0.0.1:${port}/', ${more}}\n`;
    const access = 'authorization: {user: reflexe, secret: portal}';
    await writeFile(
      file('checks.yaml'),
      `checks:\n${check('good', `${access}, expect: {status: 200, bodyContains: ready}`)}${check('bad', 'warn: {bodyContains: later}')}`,
    );
    await writeFile(
      file('one.yaml'),
      `id: alone\ncomponent: ehr\nkind: http\nurl: http://127.0.0.1:${port}/\n${access}\nwarn: {bodyContains: later}\n`,
    );
    await writeFile(
      file('broken.yaml'),
      'checks:\n  - {id: a, component: ehr, kind: tcp, host: h, port: 0, every: often}\n',
    );
    await mkdir(file('secrets'));
    await writeFile(file('secrets/portal'), 'p@ss\n', { mode: 0o600 });
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await folder[Symbol.asyncDispose]();
  });

  test('answers with state, time, what was observed and what failed', async () => {
    const good = await reflexe('detect', 'try', file('checks.yaml'), '--check', 'good', '--json');
    expect(good).toMatchObject({ status: 0, json: { state: 'up', observed: { status: 200 }, failedConditions: [] } });
    expect(good.json.milliseconds).toEqual(expect.any(Number));
    const bad = await reflexe('detect', 'try', file('checks.yaml'), '--check', 'bad', '--json');
    expect(bad).toMatchObject({
      status: 0,
      json: {
        state: 'down',
        code: 'http-status',
        failedConditions: [
          { condition: 'status', expected: '200-399', observed: '401' },
          { condition: 'bodyContains' },
        ],
      },
    });
    const alone = await reflexe('detect', 'try', file('one.yaml'), '--json');
    expect(alone).toMatchObject({ status: 0, json: { check: 'alone', state: 'degraded' } });
    expect(alone.text + alone.errors).not.toContain('p@ss');
  });

  test('in French and English, for people', async () => {
    const french = await reflexe('detect', 'try', file('one.yaml'), '--lang', 'fr');
    expect(french.text).toMatch(/^ehr · alone\u00a0: dégradé, répond autre chose que prévu/);
    expect(french.text).toContain('attendu later, observé absent des 5 octets lus');
    const english = await reflexe('detect', 'try', file('one.yaml'), '--lang', 'en');
    expect(english.text).toMatch(/^ehr · alone: degraded, answers something unexpected/);
  });

  test('a secret that is not there: unknown, not down', async () => {
    const { status, json } = await reflexe('detect', 'try', file('one.yaml'), '--secrets', folder.path, '--json');
    expect({ status, state: json.state, code: json.code }).toEqual({
      status: 0,
      state: 'unknown',
      code: 'secret-missing',
    });
  });

  test('refusals name the place, all problems at once', async () => {
    const broken = await reflexe('detect', 'try', file('broken.yaml'), '--json');
    expect(broken).toMatchObject({
      status: 1,
      json: { error: { code: 'check-invalid', where: expect.stringMatching(/broken\.yaml:2:\d+$/) } },
    });
    expect(JSON.stringify(broken.json)).toMatch(/2:49 checks\[0\]\.port.*2:58 checks\[0\]\.every/);
    expect(await reflexe('detect', 'try', file('nowhere.yaml'), '--json')).toMatchObject({
      status: 1,
      json: { error: { code: 'file-unreadable' } },
    });
    expect(await reflexe('detect', 'try', file('checks.yaml'), '--json')).toMatchObject({
      status: 1,
      json: { error: { code: 'check-not-chosen' } },
    });
    expect(await reflexe('detect', 'try', file('checks.yaml'), '--check', 'x', '--json')).toMatchObject({
      status: 1,
      json: { error: { code: 'check-unknown' } },
    });
    expect(await reflexe('detect', 'try', '--json')).toMatchObject({ status: 2 });
  });
});

describe('reflexe detect power', () => {
  test('SNMP is said not to be there yet; a server that does not answer, an address that is none', async () => {
    expect(await reflexe('detect', 'power', '--snmp', '10.0.0.1', '--json')).toMatchObject({
      status: 1,
      json: { error: { code: 'snmp-not-yet', message: expect.stringContaining('D2') } },
    });
    expect(await reflexe('detect', 'power', '--nut', '127.0.0.1:1', '--json')).toMatchObject({
      status: 1,
      json: { error: { code: 'tcp-refused', where: '127.0.0.1:1' } },
    });
    expect(await reflexe('detect', 'power', '--nut', 'a:b:c:d', '--json')).toMatchObject({
      status: 1,
      json: { error: { code: 'address-unreadable' } },
    });
    expect(await reflexe('detect', 'power', '--json')).toMatchObject({ status: 2 });
  });
});
