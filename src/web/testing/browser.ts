import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BrowserContext, chromium } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
/** Why browser tests cannot run here, or null. */
export const missing = existsSync(CHROMIUM) ? null : `no ${CHROMIUM}: apt-get install chromium`;

const run = promisify(execFile);

/** The interface as it ships, built now into a folder of its own; in a process of its own, because a test runner's is not production. */
export async function buildWeb(): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'reflexe-web-'));
  const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
  const checkout = fileURLToPath(new URL('../../..', import.meta.url));
  await run(process.execPath, [vite, 'build', '--outDir', root, '--emptyOutDir', '--logLevel', 'error'], {
    cwd: checkout,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

export interface Look {
  width: number;
  height: number;
  theme: 'light' | 'dark';
  language: 'fr' | 'en';
}

/** A browser of its own, with a new profile, closed and removed afterwards. */
export async function openBrowser({
  width,
  height,
  theme,
  language,
}: Look): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'reflexe-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
