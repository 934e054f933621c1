import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { largeMap } from '../src/web/fixtures/largeMap.ts';
import { builtWeb, missing, openBrowser } from '../src/web/testing/browser.ts';
import { FixtureServer } from '../src/web/testing/fixtureServer.ts';
import { type Measure, median, round } from './measure.ts';

const gesturePage = readFileSync(new URL('graph.page.js', import.meta.url), 'utf8')
  .replace(/^.*export const gesture = /s, '')
  .replace(/;\s*$/, '');
const FRAMES_LEAST = 30;
const GESTURE_MILLISECONDS = 4_000;

interface Gesture {
  framesPerSecond: number;
  /** Nineteen frames of twenty came sooner than this after the one before. */
  slowMilliseconds: number;
  longestTaskMilliseconds: number;
}

/**
 * The picture of the map in headless Chromium, drawn by the processor alone: a screen of 1440 × 900 on which all elements are
 * seen at once, moved and zoomed as a hand does; then close up. And how long a layout takes beside the page.
 */
export async function run(): Promise<{ name: string; lines: Measure[] }> {
  if (missing !== null) throw new Error(missing);
  const lines: Measure[] = [];
  for (const size of [5_000, 20_000]) lines.push(...(await measured(builtWeb(), size)));
  return { name: 'graph', lines };
}

async function measured(root: string, size: number): Promise<Measure[]> {
  const server = new FixtureServer(root);
  server.views = { ...server.views, map: largeMap(size) };
  const url = await server.listen();
  const browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'en' });
  const page = await browser.context.newPage();
  try {
    await page.goto(`${url}/map`);
    const graph = page.locator('.graph[data-things]');
    await graph.waitFor();
    await page.getByText('Fold', { exact: true }).click();
    await page.getByRole('button', { name: 'Unfold all' }).click();
    await page.locator(`.graph[data-things="${size}"]`).waitFor({ timeout: 120_000 });
    const layout = Number(await graph.getAttribute('data-milliseconds'));
    await page.getByText('Fold', { exact: true }).click();
    await page.getByRole('button', { name: 'See it all' }).click();
    const pan = await gesture(page, (step) => ({ dx: 60 * Math.sin(step / 9), dy: 40 * Math.cos(step / 7), zoom: 0 }));
    const zoom = await gesture(page, (step) => ({ dx: 0, dy: 0, zoom: 45 * Math.sin(step / 9) }));
    for (let i = 0; i < 14; i += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
    const near = await gesture(page, (step) => ({
      dx: 260 * Math.sin(step / 9),
      dy: 180 * Math.cos(step / 7),
      zoom: 0,
    }));
    const isBound = size === 5_000;
    const count = size.toLocaleString('en');
    const line = (what: string, one: Gesture): Measure => ({
      measure: `${count} elements, ${what}`,
      value: `${round(one.framesPerSecond)} frames/s (95 % within ${round(one.slowMilliseconds)} ms; longest task of the page ${round(one.longestTaskMilliseconds)} ms)`,
      target: isBound ? `≥ ${FRAMES_LEAST} frames/s` : 'no bound: twenty thousand at once',
      met: !isBound || one.framesPerSecond >= FRAMES_LEAST,
    });
    return [
      line('all in view, moved', pan),
      line('all in view, zoomed', zoom),
      line('close up, moved', near),
      {
        measure: `${count} elements laid out, in a worker`,
        value: `${round(layout)} ms`,
        target: 'beside the page, which goes on',
        met: true,
      },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Moves as a hand does for some seconds, one step a frame, and counts the frames that came. */
async function gesture(
  page: Page,
  step: (frame: number) => { dx: number; dy: number; zoom: number },
): Promise<Gesture> {
  const surface = page.locator('.graph-surface');
  const box = (await surface.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const steps = Array.from({ length: 2_000 }, (_, frame) => step(frame));
  // A script of the page: what types the hub's own code has are not a browser's.
  const told = await page.evaluate<{ between: number[]; longest: number }>(
    `(${gesturePage})(${JSON.stringify({ middle, steps, length: GESTURE_MILLISECONDS })})`,
  );
  const sorted = told.between.toSorted((one, other) => one - other);
  const total = told.between.reduce((sum, one) => sum + one, 0);
  return {
    framesPerSecond: (1_000 * told.between.length) / total,
    slowMilliseconds: sorted[Math.floor(sorted.length * 0.95)] ?? median(sorted),
    longestTaskMilliseconds: told.longest,
  };
}
