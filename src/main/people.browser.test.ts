import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violationsOf } from '../../scripts/gates/axe.ts';
import { compile } from '../map/compile.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import type { HospitalCommand } from './hospital.ts';
import { type Hub, startHub } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const password = 'cinq loutres calmes nagent';
const picturesFolder = process.env.REFLEXE_PEOPLE_PICTURES;

let folder: string;
let hub: Hub;
const browsers: Awaited<ReturnType<typeof openBrowser>>[] = [];

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-people-'));
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
});
afterAll(async () => {
  for (const { close } of browsers) await close();
  await hub?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function newPage(width = 1280, theme: 'light' | 'dark' = 'light'): Promise<Page> {
  const browser = await openBrowser({ width, height: 900, theme, language: 'fr' });
  browsers.push(browser);
  return browser.context.newPage();
}

async function picture(page: Page, name: string): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(overflow, `${name} overflows`).toBeLessThanOrEqual(0);
  if (picturesFolder !== undefined) await page.screenshot({ path: join(picturesFolder, `${name}.png`) });
}

async function act(command: HospitalCommand): Promise<void> {
  const answer = await hub.establishment.world.submit(command, { actor: 'test' });
  if (!answer.ok) throw new Error(answer.refusal.code);
}

/** An incident of the hospital, over, in whose log somebody wrote a name. */
async function incidentOver(): Promise<string> {
  const { world } = hub.establishment;
  const { document } = world.state.map;
  const map = document === null ? undefined : compile(document);
  const [careFunction = ''] = map?.careFunctions.keys() ?? [];
  const evidence = { kind: 'check', by: 'test', code: 'tcp-refused', detail: '' } as const;
  const carriers = map?.dependsOn(careFunction) ?? [];
  const setAll = async (to: 'down' | 'up') => {
    const since = new Date().toISOString();
    for (const component of carriers) await act({ type: 'ChangeComponentState', component, to, since, evidence });
  };
  await setAll('down');
  const opened = await world.until(
    ({ activate }) => Object.keys(activate.incidents).length > 0,
    AbortSignal.timeout(10_000),
  );
  const [incident = ''] = Object.keys(opened.activate.incidents);
  await act({ type: 'WriteLog', incident, kind: 'fact', text: 'Mme Durand attend au bloc' });
  await setAll('up');
  await world.until(({ activate }) => Object.keys(activate.alarms).length === 0, AbortSignal.timeout(10_000));
  await act({ type: 'ChangeLevel', incident, level: 'levee' });
  await act({ type: 'CloseIncident', incident });
  return incident;
}

it('an administrator invites a second one, and both together erase what people wrote', async (test) => {
  if (missing !== null) return test.skip(missing);
  const anne = await newPage();
  await anne.goto(hub.firstLink ?? '');
  await anne.getByLabel('Nom et fonction').fill('Anne Morel, administratrice');
  await anne.getByLabel('Nom de connexion').fill('anne');
  await anne.getByRole('textbox', { name: 'Mot de passe' }).fill(password);
  await anne.getByRole('button', { name: 'Créer le compte et entrer' }).click();
  await anne.getByRole('link', { name: 'Personnes' }).click();

  await anne.getByRole('button', { name: 'Inviter une personne' }).click();
  await anne.getByLabel('Nom et fonction').fill('Paul Duval, administrateur');
  await anne.getByLabel('Nom de connexion').fill('paul');
  await anne.getByLabel('Fonction', { exact: true }).selectOption({ label: 'administration' });
  await picture(anne, 'people-invite');
  await anne.getByRole('button', { name: 'Créer le lien d’invitation' }).click();
  const link = (await anne.locator('.link-text').textContent()) ?? '';
  await picture(anne, 'people-link');
  await anne.keyboard.press('Escape');
  await anne.getByText('lien d’invitation en attente').waitFor();
  await picture(anne, 'people');

  const paul = await newPage(360, 'dark');
  await paul.goto(link);
  await paul.getByRole('textbox', { name: 'mot de passe' }).fill(password);
  await paul
    .getByRole('button', { name: /mot de passe/ })
    .last()
    .click();
  await paul
    .getByRole('heading', { name: 'Prochaine rupture' })
    .or(paul.getByText('Prochaine rupture'))
    .first()
    .waitFor();

  const incident = await incidentOver();
  await paul.goto(`${hub.url}/incidents/${incident}`);
  await paul.getByText('Mme Durand attend au bloc').waitFor();
  const erase = paul.getByRole('button', { name: 'Effacer les textes libres' });
  await erase.focus();
  await paul.keyboard.down('Enter');
  await paul.getByText('En attente d’une seconde personne', { exact: false }).waitFor();
  await paul.keyboard.up('Enter');
  await picture(paul, 'approval-asked-phone');

  await anne.goto(`${hub.url}/incidents/${incident}`);
  await anne.getByText('Demandé par Paul Duval, administrateur', { exact: false }).waitFor();
  await picture(anne, 'approval');
  await anne.getByRole('button', { name: 'Donner mon accord' }).focus();
  await anne.keyboard.down('Enter');
  await anne.getByRole('button', { name: 'Donner mon accord' }).waitFor({ state: 'detached' });
  await anne.keyboard.up('Enter');

  await anne.getByText('Mme Durand attend au bloc').waitFor({ state: 'detached' });
  await anne.getByRole('link', { name: 'Personnes' }).click();
  await anne.getByRole('link', { name: 'Trace des accès' }).click();
  await anne.getByText('Données personnelles effacées').waitFor();
  await picture(anne, 'audit');
  await anne.getByRole('link', { name: 'Qui peut faire quoi' }).click();
  await anne.getByRole('rowheader', { name: 'Rendre aux soignants une fonction restaurée' }).waitFor();
  await picture(anne, 'rights');
  for (const screen of ['people', 'people/audit', 'people/rights']) {
    await paul.goto(`${hub.url}/${screen}`);
    await paul.getByRole('heading', { level: 1 }).waitFor();
    await picture(paul, `phone-${screen.replace('/', '-')}`);
  }
}, 300_000);
