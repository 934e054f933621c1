import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from '../../scripts/gates/axe.ts';
import { missing, openBrowser } from '../web/testing/browser.ts';
import { firstAccount } from './fixtures/firstAccount.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** With it, the pictures of this run become those of the README. */
const keepsPictures = process.env.REFLEXE_PICTURES === '1';

interface Started {
  firstLink: string;
  url: string;
  data: string;
  /** As a person stops it; its data folder stays. */
  stop(): Promise<void>;
  /** As a crash does. */
  kill(): Promise<void>;
}

/** The product as a newcomer starts it; its interface was built by the set-up. */
async function start(data: string, port: string, ...options: string[]): Promise<Started> {
  const launcher = join(root, 'bin', 'node24.mjs');
  const hub = spawn(
    process.execPath,
    [launcher, join(root, 'src', 'cli', 'reflexe.ts'), 'start', '--port', port, '--data', data, ...options],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  );
  const end = async (signal: NodeJS.Signals) => {
    if (hub.exitCode !== null || hub.signalCode !== null || hub.pid === undefined) return;
    process.kill(-hub.pid, signal);
    await once(hub, 'exit');
  };
  let said = '';
  for await (const chunk of hub.stdout) {
    said += String(chunk);
    const url = /http:\/\/localhost:\d+/.exec(said)?.[0];
    const link = /http:\/\/localhost:\d+\/#first=\S+/.exec(said)?.[0];
    if (url === undefined || !said.includes('Ctrl+C')) continue;
    return { url, firstLink: link ?? '', data, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
  }
  throw new Error(`the hub ended without an address: ${said}`);
}

/** Within a folder of its own: the key file lies beside it. */
const newData = () => join(mkdtempSync(join(tmpdir(), 'reflexe-e2e-')), 'data');

async function picture(page: Page, name: string, folder: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  if (!keepsPictures) return;
  mkdirSync(join(root, 'docs', 'images'), { recursive: true });
  copyFileSync(path, join(root, 'docs', 'images', `${name}.png`));
}

const accessible = async (page: Page) => expect(await violationsOf(page)).toEqual([]);
const noSideScroll = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

describe('the whole product in a browser', () => {
  const pictures = mkdtempSync(join(tmpdir(), 'reflexe-pictures-'));
  let hub: Started;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  beforeAll(async () => {
    if (missing !== null) return;
    hub = await start(newData(), '0');
    browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
    page = await browser.context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    if (hub !== undefined) rmSync(dirname(hub.data), { recursive: true, force: true });
    rmSync(pictures, { recursive: true, force: true });
  });

  test('the one-time link makes the administrator, once; the Board says that nothing is observed yet', async (context) => {
    if (missing !== null) return context.skip(missing);
    await firstAccount(page, hub);
    await page.getByText('Réanimation').first().waitFor();
    expect(await page.getByText('Inconnue').count()).toBeGreaterThan(5);
    await accessible(page);
    await picture(page, 'first-board-light', pictures);

    const other = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
    const late = await other.context.newPage();
    await late.goto(hub.firstLink);
    expect(await late.getByRole('button', { name: 'Créer le compte et entrer' }).count()).toBe(0);
    await other.close();
  });

  test('a newcomer plays an incident and sees care fall, hold, and come back', async (context) => {
    if (missing !== null) return context.skip(missing);
    await page.getByRole('button', { name: 'Jouer un incident' }).click();
    await page.getByRole('button', { name: 'Commencer l’exercice' }).click();
    await page.getByText('EXERCICE').first().waitFor();
    await page.locator('li.band[data-state="held"]').first().waitFor({ timeout: 60_000 });
    await accessible(page);
    await picture(page, 'board-light', pictures);
    await page.emulateMedia({ colorScheme: 'dark' });
    await accessible(page);
    await picture(page, 'board-dark', pictures);
    await page.emulateMedia({ colorScheme: 'light' });

    await page.setViewportSize({ width: 360, height: 780 });
    await page.getByText('EXERCICE').first().waitFor();
    expect(await noSideScroll(page)).toBe(true);
    await picture(page, 'board-phone', pictures);
    await page.setViewportSize({ width: 1440, height: 900 });

    const world = new URL(page.url()).pathname;
    for (const screen of ['incidents', 'restoration', 'map']) {
      await page.goto(new URL(`${world.replace(/\/$/, '')}/${screen}`, page.url()).href);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await accessible(page);
      await picture(page, `${screen}-exercise-light`, pictures);
    }
    await page.goto(new URL(world, page.url()).href);
    await page
      .locator('li.band[data-state="served"], li.band[data-state="partly"]')
      .first()
      .waitFor({ timeout: 90_000 });
    await page.getByRole('button', { name: 'Arrêter l’exercice' }).click();
    await page.locator('.world-banner').waitFor({ state: 'detached' });
  });

  test('a feed that is lost says so at once, and goes on by itself when the hub is back', async (context) => {
    if (missing !== null) return context.skip(missing);
    await page.goto(`${hub.url}/worlds/live`);
    await page.getByText('Réanimation').first().waitFor();
    await hub.kill();
    await page.getByRole('alert').first().waitFor();
    await accessible(page);
    await picture(page, 'feed-lost-light', pictures);
    hub = await start(hub.data, new URL(hub.url).port);
    await page.getByRole('alert').first().waitFor({ state: 'detached', timeout: 60_000 });
    await page.getByText('Réanimation').first().waitFor();
  });
});

describe('the drill in a browser', () => {
  const cannot =
    missing ??
    (process.getuid?.() === 0 ? null : 'the drill needs root') ??
    (existsSync('/usr/bin/restic') ? null : 'restic is not installed');
  const pictures = mkdtempSync(join(tmpdir(), 'reflexe-pictures-'));
  let hub: Started;
  let browser: { context: BrowserContext; close(): Promise<void> };

  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    if (hub !== undefined) rmSync(dirname(hub.data), { recursive: true, force: true });
    rmSync(pictures, { recursive: true, force: true });
  });

  test('started by its button, it is watched to its end: every care function reopened', {
    timeout: 300_000,
  }, async (context) => {
    if (cannot !== null) return context.skip(cannot);
    hub = await start(newData(), '0', '--lab');
    browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
    const page = await browser.context.newPage();
    await firstAccount(page, hub);
    await page.getByRole('button', { name: 'Essai en laboratoire' }).click();
    await page.waitForURL(/\/worlds\/drill/, { timeout: 120_000 });
    const address = new URL('/worlds/drill', page.url()).href;
    await page
      .getByText(/démarrage|vérification/i)
      .first()
      .waitFor({ timeout: 240_000 });
    await picture(page, 'restoration-light', pictures);
    await page.goto(address);
    await page.getByText('Essai réussi').first().waitFor({ timeout: 180_000 });
    expect(await page.locator('li.band[data-state="catchingUp"]').count()).toBeGreaterThan(0);
    await accessible(page);
    await picture(page, 'drill-end-light', pictures);
    await page.goto(`${address}/incidents`);
    await page.getByText('rouverte aux soignants').first().waitFor();
    await picture(page, 'incident-light', pictures);
  });
});
