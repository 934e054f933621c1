import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeMap } from '../server/changeMap.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import { looksRightEverywhere } from '../web/testing/looks.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import { firstAccount } from './fixtures/firstAccount.ts';
import type { HospitalCommand } from './hospital.ts';
import type { Hub } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const mercator = join(root, '../shared/data/mercator-hospital-demo/database/data/mercator_data_fr.sql');

const picturesFolder = process.env.REFLEXE_IMPORT_PICTURES;

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const table = 'Application;Type;Dépend de;Observations\nPaie;application;SRV-PAIE;à revoir\nSRV-PAIE;serveur;;\n';

describe('the import desk in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-import-desk-'));
  let hub: Hub;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  beforeAll(async () => {
    if (missing !== null) return;
    hub = await exampleHub(folder, { webRoot: builtWeb() });
    browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
    page = await browser.context.newPage();
    await firstAccount(page, hub);
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (path: string, title: string) => {
    await page.goto(`${hub.url}/worlds/live/map${path}`);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  };
  const choose = async (one: ReturnType<typeof file> | string) => {
    await open('/import', 'Importer dans la carte');
    await page.getByLabel('Choisir un fichier').setInputFiles(one);
    await page.getByText(/lus? dans la source/).waitFor();
  };
  test('a table is read, looked at, applied and taken back', async (context) => {
    if (missing !== null) return context.skip(missing);
    await open('/import', 'Importer dans la carte');
    await looksRightEverywhere(page, 'choose', picturesFolder);
    await choose(file('applications.csv', table));
    await page.getByText('Ajoutés (2)').waitFor();
    expect(await page.getByLabel('Colonne « Observations »').inputValue()).toBe('');
    await looksRightEverywhere(page, 'review', picturesFolder);
    await page.getByRole('button', { name: 'Appliquer 2 changements' }).click();
    await page.getByRole('heading', { name: 'Import appliqué' }).waitFor();
    await looksRightEverywhere(page, 'done', picturesFolder);
    await page.getByRole('button', { name: 'Annuler cet import' }).click();
    await page.getByRole('heading', { name: 'Import annulé' }).waitFor();

    await page.getByRole('link', { name: 'Voir les changements' }).click();
    await page.getByText('Ajout : 2 composants').first().waitFor();
    const [undoing, imported] = await page.locator('li.version').all();
    expect(await undoing?.textContent()).toMatch(/Retrait\s: 2 composants/);
    expect(await imported?.textContent()).toContain('Annulé depuis');
    await imported?.locator('summary').click();
    await imported?.getByText('SRV-PAIE').first().waitFor();
    await looksRightEverywhere(page, 'changes', picturesFolder);
    await undoing?.getByRole('button', { name: 'Remettre ce qui a été annulé' }).click();
    await page.locator('li.version').nth(3).waitFor();
    expect(await page.locator('li.version').first().textContent()).toMatch(/Ajout\s: 2 composants/);
  });

  test('the same table again changes nothing; one that disagrees asks', async (context) => {
    if (missing !== null) return context.skip(missing);
    await choose(file('applications.csv', table));
    await page.getByRole('heading', { name: 'La carte dit déjà tout ce que dit ce fichier.' }).waitFor();
    await choose(file('parc.csv', 'id;Nom;Type\ndpi;Dossier patient informatisé du groupe;application\n'));
    await page.getByText(/À trancher \(\d+\)/).waitFor();
    await page.getByText('Dossier patient informatisé du groupe').first().waitFor();
    await looksRightEverywhere(page, 'conflict', picturesFolder);
    expect(await page.getByRole('button', { name: 'Rien n’est choisi' }).isDisabled()).toBe(true);
    await page.getByRole('radio', { name: 'Suivre la source' }).first().check();
    await page.getByRole('button', { name: 'Appliquer 1 changement' }).click();
    await page.getByRole('heading', { name: 'Import appliqué' }).waitFor();
  });

  test('a file that is no import says so, and what to do', async (context) => {
    if (missing !== null) return context.skip(missing);
    await open('/import', 'Importer dans la carte');
    await page.getByLabel('Choisir un fichier').setInputFiles(file('rien.csv', '\u0000\u0001\u0002'));
    await page.getByRole('alert').waitFor();
    await looksRightEverywhere(page, 'unreadable', picturesFolder);
  });

  test('what a running recovery brings back is not taken off the map, and it is said why', async (context) => {
    if (missing !== null) return context.skip(missing);
    const { world } = hub.establishment;
    const submit = async (command: HospitalCommand) => {
      const answer = await world.journal.queue.submit(command, { actor: 'person:test' });
      if (!answer.ok) throw new Error(`${command.type}: ${answer.refusal.code}`);
    };
    await choose(file('bases.csv', 'id;Nom;Type\ntemporaire;Temporaire;application\n'));
    await page.getByRole('button', { name: /Appliquer/ }).click();
    await page.getByRole('heading', { name: 'Import appliqué' }).waitFor();
    const { document } = world.state.map;
    const from = document?.components.find(({ id }) => id === 'dpi-base');
    if (document === null || from === undefined) throw new Error('no dpi-base in the example');
    const to = { ...from, origin: { from: 'table:bases', id: 'dpi-base' } };
    await submit(changeMap(document, [{ section: 'components', id: 'dpi-base', from, to }], { source: 'person' }));
    const since = new Date().toISOString();
    const evidence = { kind: 'check', by: 'c', code: 'tcp-refused', detail: '' } as const;
    await submit({ type: 'ChangeComponentState', component: 'dpi-base', to: 'down', since, evidence });
    const { activate } = await world.until(
      (state) => Object.keys(state.activate.incidents).length > 0,
      AbortSignal.timeout(20_000),
    );
    const [incident = ''] = Object.keys(activate.incidents);
    await submit({ type: 'PlanRecovery', incident });

    await choose(file('bases.csv', 'id;Nom;Type\ntemporaire;Temporaire;application\n'));
    await page.getByLabel('Tout ce que cet outil connaît est dans ce fichier').check();
    await page.getByRole('radio', { name: 'Le retirer' }).check();
    await page.getByRole('button', { name: 'Appliquer 1 changement' }).click();
    await page.getByText('Une restauration en cours ramène cet élément').waitFor();
    await page.getByText(/composant Dossier patient – base · Incident\s\d/).waitFor();
    await looksRightEverywhere(page, 'in-use', picturesFolder);

    // Another change goes through, and the incident tells of it.
    await choose(file('autres.csv', 'id;Nom;Type\nautre;Autre;application\n'));
    await page.getByRole('button', { name: 'Appliquer 1 changement' }).click();
    await page.getByRole('heading', { name: 'Import appliqué' }).waitFor();
    await page.goto(`${hub.url}/worlds/live/incidents`);
    await page.getByRole('link', { name: 'La carte a changé depuis l’ouverture : 1 changement' }).click();
    await page.getByText('1 changement depuis l’ouverture de l’incident').waitFor();
    expect(await page.locator('li.version').count()).toBe(1);
  });

  test('the Mercator demo is imported whole, and taken back', async (context) => {
    if (missing !== null) return context.skip(missing);
    if (!existsSync(mercator)) return context.skip('skipped: no data');
    await choose(mercator);
    await page.getByText(/Ajoutés \(\d+\)/).waitFor();
    await looksRightEverywhere(page, 'mercator', picturesFolder);
    await page.getByRole('button', { name: /Appliquer \d+ changements/ }).click();
    await page.getByRole('heading', { name: 'Import appliqué' }).waitFor({ timeout: 60_000 });
    await choose(mercator);
    await page.getByRole('heading', { name: 'La carte dit déjà tout ce que dit ce fichier.' }).waitFor();
    await open('/changes', 'Changements de la carte');
    await page.getByText('import de Mercator').first().waitFor();
    await page.getByRole('button', { name: 'Annuler ce changement' }).first().click();
    await page.getByText('Annulé depuis').first().waitFor();
    await choose(mercator);
    await page.getByText(/Ajoutés \(\d+\)/).waitFor();
  });
});
