import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../../../scripts/gates/axe.ts';
import { largeMap } from '../../fixtures/largeMap.ts';
import { builtWeb, missing, openBrowser } from '../../testing/browser.ts';
import { FixtureServer } from '../../testing/fixtureServer.ts';

const SIZE = 5_000;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let context: BrowserContext;
let server: FixtureServer;
let page: Page;

beforeAll(async () => {
  if (missing !== null) return;
  browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
  context = browser.context;
});
afterAll(async () => {
  if (missing !== null) return;
  await browser.close();
});
beforeEach(async (test) => {
  if (missing !== null) return test.skip(missing);
  server = new FixtureServer(builtWeb());
  server.views = { ...server.views, map: largeMap(SIZE) };
  const url = await server.listen();
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${url}/map`);
  await page.locator('.graph[data-things]').waitFor();
});
afterEach(async () => {
  if (missing !== null) return;
  await page.close();
  await server.close();
});

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 30_000 });
const drawn = async () => Number(await page.locator('.graph').getAttribute('data-things'));
/** Where the names of two layers stand: it moves with the picture, and grows with it. */
const bands = async () => {
  const [first, last] = [
    page.getByRole('button', { name: 'Soins', exact: true }),
    page.getByRole('button', { name: 'Réseau', exact: true }),
  ];
  const [one, other] = [await first.boundingBox(), await last.boundingBox()];
  return { at: one?.x ?? Number.NaN, apart: (other?.x ?? Number.NaN) - (one?.x ?? Number.NaN) };
};

describe('a map of five thousand elements', () => {
  it('opens folded by site and by layer, unfolds in place, and is seen whole', async () => {
    expect(await drawn()).toBe(300);
    await page.getByRole('button', { name: 'Applications' }).click();
    await eventually(drawn).toBeGreaterThan(1_000);
    await page.getByText('Replier', { exact: true }).click();
    await page.getByRole('button', { name: 'Tout déplier' }).click();
    await eventually(drawn).toBe(SIZE);
    await page.getByRole('button', { name: 'Tout replier' }).click();
    await eventually(drawn).toBe(300);
    await page.getByLabel('Ranger par site').uncheck();
    await eventually(drawn).toBe(6);
    expect(await violationsOf(page)).toEqual([]);
  });
  it('is moved by hand, zoomed by the wheel, and seen whole again', async () => {
    const surface = (await page.locator('.graph-surface').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const middle = { x: surface.x + surface.width / 2, y: surface.y + surface.height / 2 };
    await page.getByRole('button', { name: 'Tout voir' }).click();
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.wheel(0, -700);
    const before = await bands();
    await page.mouse.down();
    await page.mouse.move(middle.x + 120, middle.y + 40, { steps: 5 });
    await page.mouse.up();
    await eventually(async () => (await bands()).at - before.at).toBeCloseTo(120, -1);
    expect((await bands()).apart).toBeCloseTo(before.apart, 0);
    await page.mouse.wheel(0, -250);
    await eventually(async () => (await bands()).apart / before.apart).toBeGreaterThan(1.2);
    expect(new URL(page.url()).searchParams.has('at'), 'a drag chooses nothing').toBe(false);
  });
  it('flies to what is sought, unfolding what it is in', async () => {
    await page.getByRole('searchbox').fill('machine 37.12');
    await page.getByText('1 élément trouvé').waitFor();
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('heading', { name: 'Machine 37.12' }).waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toBe('h36-virtualMachine-11');
    await eventually(drawn).toBe(300 + 41);
    await page.getByLabel('Seulement ses liens').check();
    await eventually(drawn).toBeLessThan(300);
  });
  it('is walked with the arrow keys, which say what they come to', async () => {
    const surface = page.getByRole('application');
    await surface.focus();
    const said = page.locator('.graph [role="status"]');
    await surface.press('ArrowRight');
    await eventually(() => said.innerText()).toMatch(/^Soins, /);
    await surface.press('ArrowRight');
    await eventually(() => said.innerText()).not.toMatch(/^Soins, /);
    await surface.press('ArrowLeft');
    await surface.press('+');
    await surface.press('0');
    await surface.press('Enter');
    await eventually(drawn).toBeGreaterThan(300);
  });
  it('is a list too, of which only what is in sight is made', async () => {
    const list = page.getByRole('region', { name: 'Éléments de la carte' });
    expect(await list.getByRole('listitem').count()).toBeLessThan(120);
    await list.locator('.elements-list').evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await list.getByRole('button', { name: /Arrivée 50\.1/ }).click();
    await page.getByRole('heading', { name: 'Arrivée 50.1' }).waitFor();
  });
  it('reads in the dark, at twice the size, with every sign explained', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    // A screen of 1440 × 900 at twice the size.
    await page.setViewportSize({ width: 720, height: 450 });
    await page.getByText('Légende', { exact: true }).click();
    await page.getByText('seulement proposé, ne compte pas').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
});
