import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumPath, launchChromium, type Violation, violationsOf } from './axe.ts';

let browser: Browser | undefined;
beforeAll(async () => {
  if (chromiumPath() !== undefined) browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach((context) => {
  if (browser === undefined) context.skip('chromium is not installed');
});

async function violationsIn(fixture: string): Promise<Violation[]> {
  const context = await browser?.newContext();
  const page = await context?.newPage();
  if (page === undefined) throw new Error('no browser');
  await page.goto(pathToFileURL(join(import.meta.dirname, 'fixtures', 'accessibility', fixture)).href);
  const found = await violationsOf(page);
  await context?.close();
  return found;
}

test('the accessibility gate refuses a page that breaks it, and names the elements', async () => {
  const found = await violationsIn('breaks.html');
  const rules = found.map(({ rule }) => rule);
  for (const rule of ['image-alt', 'button-name', 'color-contrast', 'label', 'html-has-lang', 'document-title']) {
    expect(rules).toContain(rule);
  }
  expect(found.find(({ rule }) => rule === 'image-alt')?.elements).toEqual(['img']);
});

test('and lets pass a page that holds its rules', async () => {
  expect(await violationsIn('passes.html')).toEqual([]);
});
