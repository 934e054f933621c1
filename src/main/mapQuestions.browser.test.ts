import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../map/compile.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import { looksRightEverywhere } from '../web/testing/looks.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import { firstAccount } from './fixtures/firstAccount.ts';
import type { HospitalCommand } from './hospital.ts';
import type { Hub } from './hub.ts';

/** A folder for pictures to look at. */
const picturesFolder = process.env.REFLEXE_MAP_PICTURES;

let folder: string;
let hub: Hub;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-map-questions-'));
  hub = await exampleHub(folder, { webRoot: builtWeb() });
  browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
  page = await browser.context.newPage();
  page.setDefaultTimeout(25_000);
  await firstAccount(page, hub, 'Anne Morel');
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});
beforeEach((test) => {
  if (missing !== null) test.skip(missing);
});

const panel = () => page.getByRole('complementary', { name: 'Et si cela s’arrêtait ?' });
const elements = () => page.getByRole('region', { name: 'Éléments de la carte' });

describe('what if this stops?', () => {
  it('is chosen in the list, tells what is lost, when and what would keep it, and changes nothing', async () => {
    await page.goto(`${hub.url}/map`);
    await page.locator('.graph[data-things]').waitFor();
    await page.getByRole('button', { name: 'Et si cela s’arrêtait ?' }).click();
    await page.getByText('Hypothèse : rien n’est arrêté').waitFor();
    await panel().getByRole('radio', { name: 'en marche' }).check();
    await page.getByRole('searchbox').fill('hebergeur – arrivee');
    for (const feed of ['arrivée électrique A', 'arrivée électrique B'])
      await elements().getByRole('button', { name: feed }).click();
    await page.getByRole('searchbox').fill('hebergeur – groupe');
    await elements().getByRole('button', { name: 'groupe électrogène' }).click();
    // The host has lost all its power: its UPSs hold twelve minutes.
    await panel()
      .getByText(/11 fonctions de soins perdues/)
      .waitFor();
    await panel().getByRole('slider').press('Home');
    await panel()
      .getByText(/aucune fonction de soins perdue à ce moment/)
      .waitFor();
    await panel()
      .getByText(/perdue dans 12\smin, sauf si l’on rétablit/)
      .first()
      .waitFor();
    expect(await panel().getByText(/SAMU/).count()).toBe(0);
    await panel().getByRole('columnheader', { name: 'au plus' }).waitFor();
    await looksRightEverywhere(page, 'what-if', picturesFolder);
    // Nothing was journalled: it was a question.
    expect(hub.establishment.world.map().seen.size).toBe(0);
  });
  it('is an address that can be sent, and Escape leaves it', async () => {
    const address = page.url();
    expect(new URL(address).searchParams.get('stop')?.split(',')).toHaveLength(3);
    await page.goto('about:blank');
    await page.goto(address);
    await panel()
      .getByText(/3 composants arrêtés/)
      .waitFor();
    await page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.has('stop')).toBe(false);
  });
  it('takes a whole site at once, and says that care feels nothing where it does not', async () => {
    await page.goto(`${hub.url}/map?stop=&rest=up`);
    await panel().getByRole('combobox').selectOption({ label: 'Centre de données de l’hébergeur Nuvéane' });
    await panel()
      .getByText(/25 composants arrêtés/)
      .waitFor();
    await page.goto(`${hub.url}/map?stop=heb-arrivee-a&rest=up`);
    await panel()
      .getByText(/aucune fonction de soins perdue/)
      .waitFor();
  });
  it('says why a care function is lost on the live map, down to what is at the root of it', async () => {
    const evidence = { kind: 'check', by: 'test', code: 'ups-on-battery', detail: '' } as const;
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const world = hub.establishment.world;
    const { document } = world.state.map;
    for (const component of document === null ? [] : compile(document).components.keys()) {
      const to = component === 'heb-inverseur' ? 'down' : 'up';
      const command: HospitalCommand = { type: 'ChangeComponentState', component, to, since, evidence };
      const answer = await world.submit(command, { actor: 'test' });
      expect(answer.ok).toBe(true);
    }
    await page.goto(`${hub.url}/map?at=laboratoire`);
    await page.getByRole('button', { name: 'Pourquoi est-ce perdu ?' }).click();
    await page.getByRole('heading', { name: /En cause/ }).waitFor();
    await page
      .locator('.why')
      .getByRole('button', { name: /Hébergeur – inverseur/ })
      .waitFor();
    await looksRightEverywhere(page, 'why', picturesFolder);
  });
});

describe('weak points', () => {
  it('leads with the heaviest, in plain words, and opens the what-if of it', async () => {
    await page.goto(`${hub.url}/map/weak-points`);
    await page.getByText(/porte à lui seul \d+ fonctions de soins, dont \d+ du rang le plus vital/).waitFor();
    await page.getByRole('heading', { name: 'Si un fournisseur s’arrête' }).waitFor();
    await page.locator('.weak-function summary').first().click();
    await page
      .getByText(/Deux arrêts ensemble|Aucune paire/)
      .first()
      .waitFor();
    await looksRightEverywhere(page, 'weak-points', picturesFolder);
    await page.locator('.weak-losses a').first().click();
    await panel()
      .getByText(/1 composant arrêté\s: \d+ fonctions de soins perdues/)
      .waitFor();
  });
});
