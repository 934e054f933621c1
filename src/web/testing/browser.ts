import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium } from 'playwright-core';
import { buildWeb } from '../../../scripts/setup/web.mjs';

export const CHROMIUM = '/usr/bin/chromium';
/** Why browser tests cannot run here, or null. */
export const missing = existsSync(CHROMIUM) ? null : `no ${CHROMIUM}: apt-get install chromium`;

/** Where the interface stands as it ships, built from the sources as they are now: by the set-up, once for all tests. */
export function builtWeb(): string {
  const checkout = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
  buildWeb(checkout);
  return join(checkout, 'dist', 'web');
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
