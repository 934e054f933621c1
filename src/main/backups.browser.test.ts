import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import { firstAccount } from './fixtures/firstAccount.ts';
import type { Hub } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cannot = missing ?? (existsSync('/usr/bin/restic') ? null : 'restic is not installed');
const pictures = process.env.REFLEXE_BACKUPS_PICTURES;

describe.skipIf(cannot !== null)('the backups of a hospital in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-backups-'));
  const repository = join(folder, 'repository');
  const data = join(folder, 'data');
  let hub: Hub;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;

  /** Three nights of a small tree, written by restic itself. */
  const writeNights = () => {
    const tree = join(folder, 'srv');
    const restic = (...args: string[]) =>
      execFileSync('restic', ['--repo', repository, '--no-cache', '--quiet', ...args], {
        cwd: tree,
        env: { ...process.env, RESTIC_PASSWORD: 'nuit' },
      });
    mkdirSync(join(tree, 'base'), { recursive: true });
    for (let index = 0; index < 20; index += 1) writeFileSync(join(tree, 'base', `table-${index}`), `rows ${index}\n`);
    restic('init');
    for (const daysAgo of [3, 2, 1]) {
      writeFileSync(join(tree, 'base', 'table-1'), `rows of night ${daysAgo}\n`.repeat(daysAgo));
      if (daysAgo === 1) writeFileSync(join(tree, 'base', 'nouveau.txt'), 'écrit la dernière nuit\n');
      const day = new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
      restic('backup', '.', '--host', 'dpi', '--time', `${day} 01:00:00`);
    }
  };

  beforeAll(async () => {
    writeNights();
    const configuration = join(folder, 'configuration');
    cpSync(join(root, 'examples', 'groupe-exemple'), configuration, { recursive: true });
    const others = ['dpi-application', 'gam', 'imagerie', 'laboratoire', 'pharmacie'];
    const restored = ['dpi-base', 'dpi', 'gam-base', 'labo-base', 'pacs-archive', 'pharmacie-base'];
    writeFileSync(
      join(configuration, 'restore.yaml'),
      [
        'sources:',
        `  nuits-dpi: { kind: restic, repository: ${repository}, password: nuits-dpi }`,
        ...others.map((name) => `  nuits-${name}: { kind: files, folder: ${join(folder, 'not-mounted')} }`),
        'services:',
        ...restored.map((component) => `  - component: ${component}`),
      ].join('\n'),
    );
    mkdirSync(join(data, 'secrets'), { recursive: true, mode: 0o700 });
    writeFileSync(join(data, 'secrets', 'nuits-dpi'), 'nuit', { mode: 0o600 });
    hub = await exampleHub(folder, { dataFolder: data, configuration, webRoot: builtWeb() });
    browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
    page = await browser.context.newPage();
    await firstAccount(page, hub);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** No side scroll, on a desk and on a phone in the dark; rules of access are held by the screens' own test. */
  const holds = async (name: string) => {
    for (const [width, colorScheme] of [
      [1440, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const fits = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
      expect(await page.evaluate<boolean>(fits), `${name} at ${width}`).toBe(true);
      if (pictures === undefined) continue;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `hub-${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  };
  /** As a screen reader presses what must be held: asked in words. */
  const hold = async (name: string) => {
    await page.getByRole('button', { name: new RegExp(`^${name}`) }).dispatchEvent('click');
    await page.getByRole('button', { name: new RegExp(`Oui, ${name}`) }).click();
  };
  const row = () => page.locator('.backup-row', { hasText: 'Dossier patient – base' });
  const strip = () => page.getByRole('slider', { name: /Dossier patient – base/ });

  test('nights nobody looked through are looked through, then told one by one by keyboard', {
    timeout: 300_000,
  }, async () => {
    await page.goto(`${hub.url}/restoration/backups`);
    await row().waitFor({ timeout: 120_000 });
    await row().getByRole('button', { name: 'Examiner maintenant' }).click();
    await strip().waitFor({ timeout: 240_000 });
    await row().getByText('Dernière nuit sans signe connu').waitFor();
    await strip().focus();
    await page.keyboard.press('Home');
    expect(await strip().getAttribute('aria-valuetext')).toContain('première de sa série');
    await page.keyboard.press('End');
    expect(await strip().getAttribute('aria-valuetext')).toMatch(/aucun signe connu.*ajoutés\s: 1, modifiés\s: 1/);
    await holds('list');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Dossier patient – base' }).waitFor();
    await page.getByText('C’est la nuit la plus récente.').waitFor();
  });

  test('a night is looked into, compared with the one before, and a file of it taken out', {
    timeout: 300_000,
  }, async () => {
    await page.getByRole('button', { name: 'Ouvrir', exact: true }).click();
    await page.getByRole('button', { name: 'base', exact: true }).click();
    await page.getByRole('row', { name: /nouveau\.txt/ }).waitFor();
    const words = (name: RegExp) => page.getByRole('row', { name }).first().innerText();
    expect(await words(/nouveau\.txt/)).toContain('ajouté');
    expect(await words(/table-1\s/)).toContain('modifié');
    expect(await words(/table-2\s/)).toContain('identique');
    await page.getByLabel('Seulement ce qui diffère').check();
    expect(await page.locator('.entries tbody tr').count()).toBe(2);
    await holds('inside');
    await page.getByRole('button', { name: 'Sortir nouveau.txt' }).click();
    await page.getByText('il peut contenir des données de patients').waitFor();
    await holds('take-out');
    const download = page.waitForEvent('download');
    await hold('Sortir le fichier');
    const taken = await download;
    expect(taken.suggestedFilename()).toBe('nouveau.txt');
    expect(readFileSync(await taken.path(), 'utf8')).toBe('écrit la dernière nuit\n');
    await page.getByText('remis à votre navigateur').last().waitFor();
    expect(readdirSync(join(data, 'taken-out'))).toEqual([]);
    await page.getByRole('button', { name: 'Fermer' }).last().click();
  });

  test('a compromise that is dated makes later nights suspect, and says so', { timeout: 200_000 }, async () => {
    await page.getByRole('link', { name: 'Toutes les sauvegardes' }).click();
    await page.getByRole('button', { name: 'Dire depuis quand' }).click();
    await page
      .getByRole('textbox', { name: 'Jour' })
      .fill(new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10));
    await page.getByLabel('Heure', { exact: true }).fill('00:30');
    await hold('Rendre ces nuits suspectes');
    await page.getByText(/Tout l’établissement\s: compromis\sdepuis/).waitFor();
    await strip().focus();
    await page.keyboard.press('End');
    await expect.poll(() => strip().getAttribute('aria-valuetext'), { timeout: 60_000 }).toContain('suspecte');
    await holds('suspect');
  });
});
