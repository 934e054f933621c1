import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CHROMIUM, missing as noBrowser } from './testing/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const missing =
  noBrowser ?? (existsSync(join(root, 'dist', 'web', 'index.html')) ? null : 'the interface is not built');
let folder: string;
let hub: ChildProcess;
let context: BrowserContext;
let url: string;

/** Its public key as Chromium names it: trusted for this run without touching the machine's store. */
function keyHash(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const key = new X509Certificate(socket.getPeerCertificate().raw).publicKey.export({
        type: 'spki',
        format: 'der',
      });
      socket.destroy();
      resolve(createHash('sha256').update(key).digest('base64'));
    });
    socket.on('error', reject);
  });
}

/** A whole hub on the network, with one person signed in, as the bench under load has. */
beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-transport-'));
  hub = spawn(process.execPath, [join(root, 'bench', 'load.worker.ts'), folder, '1', '1'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (hub.stdout === null) throw new Error('no output');
  const { value } = await createInterface(hub.stdout)[Symbol.asyncIterator]().next();
  const { port, cookies } = JSON.parse(String(value));
  url = `https://localhost:${port}`;
  context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      `--ignore-certificate-errors-spki-list=${await keyHash(port)}`,
    ],
    locale: 'fr-FR',
  });
  const [name = '', cookie = ''] = String(cookies[0]).split('=');
  await context.addCookies([{ name, value: cookie, url: `${url}/`, secure: true, httpOnly: true, sameSite: 'Strict' }]);
  await context.addInitScript(() => {
    Reflect.set(globalThis, 'violations', []);
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      Reflect.get(globalThis, 'violations').push(`${violatedDirective} ${blockedURI} ${sourceFile}`);
    });
  });
});
afterAll(async () => {
  if (missing !== null) return;
  await context.close();
  const ended = once(hub, 'exit');
  hub.stdin?.end();
  await ended;
  rmSync(folder, { recursive: true });
});
beforeEach((test) => {
  if (missing !== null) test.skip(missing);
});

const inWorld = [
  '',
  'incidents',
  'restoration',
  'map',
  'people',
  'people/audit',
  'people/emergency',
  'people/openings',
  'people/rights',
  'account',
  'settings',
];
const places = ['/', ...inWorld.map((place) => `/worlds/live/${place}`)];

const violations = (page: Page): Promise<string[]> => page.evaluate(() => Reflect.get(globalThis, 'violations'));

it('the interface runs over TLS under its policy: nothing inline, nothing refused, on every screen', async () => {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  for (const place of places) {
    await page.goto(`${url}${place}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await violations(page), place).toEqual([]);
  }
  expect(complaints).toEqual([]);
  await page.close();
});

it('the policy is at work: what an intruder would put in the page does not run', async () => {
  const page = await context.newPage();
  await page.goto(`${url}/`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.intruder = "script"';
    const style = document.createElement('style');
    style.textContent = 'body { color: rgb(1, 2, 3) !important }';
    const image = document.createElement('img');
    image.src = 'https://intruder.invalid/leak.png';
    image.setAttribute('onerror', 'globalThis.intruder = "handler"');
    document.head.append(script, style);
    const refused = new Promise((resolve) => image.addEventListener('error', resolve));
    document.body.append(image);
    await refused;
    let evaluated = 'evaluated';
    try {
      // biome-ignore lint/security/noGlobalEval: that it does not run is what is tried.
      globalThis.eval('1');
    } catch {
      evaluated = 'refused';
    }
    const sent = await fetch('https://intruder.invalid/').then(
      () => 'sent',
      () => 'refused',
    );
    return [
      Reflect.get(globalThis, 'intruder'),
      getComputedStyle(document.body).color === 'rgb(1, 2, 3)',
      evaluated,
      sent,
    ];
  });
  expect(ran).toEqual([undefined, false, 'refused', 'refused']);
  const refused = (await violations(page)).join('\n');
  for (const directive of [
    'script-src-elem inline',
    'style-src-elem inline',
    'script-src-attr inline',
    'img-src',
    'connect-src',
    'script-src eval',
  ]) {
    expect(refused).toContain(directive);
  }
  await page.close();
});

it('the page stands alone: isolated from others’ windows and memory, its cookie out of reach of scripts', async () => {
  const page = await context.newPage();
  await page.goto(`${url}/`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const seen = await page.evaluate(() => [globalThis.isSecureContext, globalThis.crossOriginIsolated, document.cookie]);
  expect(seen).toEqual([true, true, '']);
  await page.close();
});
