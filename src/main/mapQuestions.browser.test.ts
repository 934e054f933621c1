import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../scripts/gates/axe.ts';
import { compile } from '../map/compile.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import type { HospitalCommand } from './hospital.ts';
import { type Hub, startHub } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A folder for pictures to look at. */
const picturesFolder = process.env.REFLEXE_MAP_PICTURES;

let folder: string;
let hub: Hub;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-map-questions-'));
  const started = await startHub({
    dataFolder: join(folder, 'data'),
    configuration: join(root, 'examples', 'groupe-exemple'),
    scenariosFolder: join(root, 'scenarios'),
    examplesFolder: join(root, 'examples'),
    webRoot: builtWeb(),
    host: 'localhost',
    port: 0,
    helperSocket: join(folder, 'no-helper'),
    log: pino({ level: 'silent' }),
  });
  if (!started.ok) throw new Error(started.refusal.message);
  hub = started.value;
  browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
  page = await browser.context.newPage();
  page.setDefaultTimeout(25_000);
  await page.goto(hub.firstLink ?? '');
  await page.getByLabel('Nom et fonction').fill('Anne Morel');
  await page.getByLabel('Nom de connexion').fill('anne');
  await page.getByRole('textbox', { name: 'Mot de passe' }).fill('cinq loutres calmes nagent');
  await page.getByRole('button', { name: 'Créer le compte et entrer' }).click();
  await page.locator('.shell-nav').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});
beforeEach((test) => {
  if (missing !== null) test.skip(missing);
});

/** Looked at wide and light, then on a phone and dark: no rule of accessibility broken, nothing that scrolls sideways. */
async function looks(name: string): Promise<void> {
  for (const [width, colorScheme] of [
    [1440, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page), `${name} at ${width}`).toEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow, `${name} at ${width} overflows`).toBeLessThanOrEqual(0);
    if (picturesFolder !== undefined) await page.screenshot({ path: join(picturesFolder, `${name}-${width}.png`) });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

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
    await looks('what-if');
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
    await looks('why');
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
    await looks('weak-points');
    await page.locator('.weak-losses a').first().click();
    await panel()
      .getByText(/1 composant arrêté\s: \d+ fonctions de soins perdues/)
      .waitFor();
  });
});
