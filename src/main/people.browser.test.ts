import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { compile } from '../map/compile.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import { looksRight } from '../web/testing/looks.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import { firstAccount, password } from './fixtures/firstAccount.ts';
import type { HospitalCommand } from './hospital.ts';
import type { Hub } from './hub.ts';

const picturesFolder = process.env.REFLEXE_PEOPLE_PICTURES;

let folder: string;
let hub: Hub;
const browsers: Awaited<ReturnType<typeof openBrowser>>[] = [];

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-people-'));
  hub = await exampleHub(folder, { webRoot: builtWeb() });
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
  await firstAccount(anne, hub, 'Anne Morel, administratrice');
  await anne.getByRole('link', { name: 'Personnes' }).click();

  await anne.getByRole('button', { name: 'Inviter une personne' }).click();
  await anne.getByLabel('Nom et fonction').fill('Paul Duval, administrateur');
  await anne.getByLabel('Nom de connexion').fill('paul');
  await anne.getByLabel('Fonction', { exact: true }).selectOption({ label: 'administration' });
  await looksRight(anne, 'people-invite', picturesFolder);
  await anne.getByRole('button', { name: 'Créer le lien d’invitation' }).click();
  const link = (await anne.locator('.link-text').textContent()) ?? '';
  await looksRight(anne, 'people-link', picturesFolder);
  await anne.keyboard.press('Escape');
  await anne.getByText('lien d’invitation en attente').waitFor();
  await looksRight(anne, 'people', picturesFolder);

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
  await looksRight(paul, 'approval-asked-phone', picturesFolder);

  await anne.goto(`${hub.url}/incidents/${incident}`);
  await anne.getByText('Demandé par Paul Duval, administrateur', { exact: false }).waitFor();
  await looksRight(anne, 'approval', picturesFolder);
  await anne.getByRole('button', { name: 'Donner mon accord' }).focus();
  await anne.keyboard.down('Enter');
  await anne.getByRole('button', { name: 'Donner mon accord' }).waitFor({ state: 'detached' });
  await anne.keyboard.up('Enter');

  await anne.getByText('Mme Durand attend au bloc').waitFor({ state: 'detached' });
  await anne.getByRole('link', { name: 'Personnes' }).click();
  await anne.getByRole('link', { name: 'Trace des accès' }).click();
  await anne.getByText('Données personnelles effacées').waitFor();
  await looksRight(anne, 'audit', picturesFolder);
  await anne.getByRole('link', { name: 'Qui peut faire quoi' }).click();
  await anne.getByRole('rowheader', { name: 'Rendre aux soignants une fonction restaurée' }).waitFor();
  await looksRight(anne, 'rights', picturesFolder);
  for (const screen of ['people', 'people/audit', 'people/rights']) {
    await paul.goto(`${hub.url}/${screen}`);
    await paul.getByRole('heading', { level: 1 }).waitFor();
    await looksRight(paul, `phone-${screen.replace('/', '-')}`, picturesFolder);
  }
}, 300_000);
