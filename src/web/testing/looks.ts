import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violationsOf } from '../../../scripts/gates/axe.ts';

/** What anybody must find right on a screen as it stands: no rule of accessibility broken, nothing that scrolls sideways. */
export async function looksRight(page: Page, name: string, picturesFolder?: string): Promise<void> {
  expect(await violationsOf(page), name).toEqual([]);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(overflow, `${name} overflows`).toBeLessThanOrEqual(0);
  if (picturesFolder === undefined) return;
  mkdirSync(picturesFolder, { recursive: true });
  await page.screenshot({ path: join(picturesFolder, `${name}.png`), fullPage: true });
}

/** The same wide and light, then on a telephone and dark; the page is left as it was. */
export async function looksRightEverywhere(page: Page, name: string, picturesFolder?: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  await looksRight(page, name, picturesFolder);
  await page.setViewportSize({ width: 360, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await looksRight(page, `${name}-phone-dark`, picturesFolder);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: 'light' });
}
