import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../scripts/gates/axe.ts';
import { builtWeb, missing, openBrowser } from './testing/browser.ts';
import { FixtureServer } from './testing/fixtureServer.ts';
import { looksRightEverywhere } from './testing/looks.ts';

let browser: Awaited<ReturnType<typeof openBrowser>>;
let context: BrowserContext;
let server: FixtureServer;
let url: string;
let page: Page;
let complaints: string[];

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
  url = await server.listen();
  complaints = [];
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterEach(async () => {
  if (missing !== null) return;
  await page.close();
  await server.close();
  expect(complaints).toEqual([]);
});

const actsOn = (path: string) => server.acts.filter((act) => act.path === path);
const tooOld = { code: 'proof-too-old', message: 'prove', retryable: false };

describe('one’s own account', () => {
  it('breaks no accessibility rule, light and wide, dark and at 360 px, and never scrolls sideways', async () => {
    await page.goto(`${url}/account`);
    await page.getByRole('heading', { name: 'Clés d’accès' }).waitFor();
    await page.getByText('Peut-être copiée').waitFor();
    await page.getByText('retarde d’environ 30 s').waitFor();
    await looksRightEverywhere(page, 'account');
    for (const button of await page.locator('#content button').all())
      expect((await button.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  });

  it('says in place why a key was not removed', async () => {
    server.refusals.set('/api/account/passkeys/remove', {
      status: 422,
      refusal: { code: 'last-factor', message: 'last', retryable: false },
    });
    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'Supprimer Téléphone' }).click();
    await page.getByText('Ajoutez-en une autre d’abord').waitFor();
  });

  it('asks for a proof where an act needs one, then does the act', async () => {
    server.refusals.set('/api/account/recovery-codes', { status: 403, refusal: tooOld });
    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'Faire une nouvelle feuille' }).click();
    const card = page.getByRole('dialog', { name: 'Est-ce bien vous ?' });
    await card.getByLabel('Mot de passe').fill('cinq loutres calmes nagent');
    await card.getByLabel('Code de l’application').fill('123 456');
    expect(await violationsOf(page)).toEqual([]);
    server.refusals.clear();
    await card.getByRole('button', { name: 'Confirmer' }).click();
    await expect.poll(() => actsOn('/api/account/recovery-codes').length, { timeout: 20_000 }).toBe(2);
    expect(actsOn('/api/session/prove')).toMatchObject([
      { body: { password: 'cinq loutres calmes nagent', code: '123 456' } },
    ]);
    await card.waitFor({ state: 'detached' });
  });

  it('leaves everything as it was when the proof is not given', async () => {
    server.refusals.set('/api/account/recovery-codes', { status: 403, refusal: tooOld });
    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'Faire une nouvelle feuille' }).click();
    await page.getByRole('dialog').getByLabel('Mot de passe').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Cet acte demande de prouver à nouveau').waitFor();
    expect(actsOn('/api/account/recovery-codes')).toHaveLength(1);
  });
});

it('somebody with one factor, where two are demanded, is led to add the second and sees nothing else', async () => {
  server.isEnrolling = true;
  await page.goto(url);
  await page.getByRole('heading', { name: 'Encore une étape avant d’entrer' }).waitFor();
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).waitFor();
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(server.feedRequests).toEqual([]);
  expect(await violationsOf(page)).toEqual([]);
});
