import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../../scripts/gates/axe.ts';
import { acts } from '../../access/policy.ts';
import { backups, noSources, runningProof, sighting, unrestorable } from '../fixtures/backups.ts';
import { NOW } from '../fixtures/hospital.ts';
import { incidents } from '../fixtures/incidents.ts';
import { restoring } from '../fixtures/restoration.ts';
import { builtWeb, missing, openBrowser } from '../testing/browser.ts';
import { FixtureServer } from '../testing/fixtureServer.ts';

const pictures = process.env.REFLEXE_BACKUPS_PICTURES;

describe.skipIf(missing !== null)('the screens of the backups', () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let server: FixtureServer;
  let url: string;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await openBrowser({ width: 1440, height: 900, theme: 'light', language: 'fr' });
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    server = new FixtureServer(builtWeb());
    server.views = { ...server.views, backups };
    server.rights = acts;
    url = await server.listen();
    complaints = [];
    page = await browser.context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    await server.close();
    expect(complaints).toEqual([]);
  });

  /** Usable by anyone on a desk, a phone, in the dark, at twice the size. */
  const holds = async (name: string) => {
    for (const [width, colorScheme] of [
      [1440, 'light'],
      [720, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      // A page of half the width is one at twice the size: its rules are those of the desk.
      if (width !== 720) expect(await violationsOf(page), `${name} at ${width}, ${colorScheme}`).toEqual([]);
      const fits = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
      expect(await page.evaluate<boolean>(fits), `${name} at ${width}`).toBe(true);
      if (pictures === undefined) continue;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  };
  const list = async () => {
    await page.goto(`${url}/restoration/backups`);
    await page.getByRole('heading', { level: 1, name: 'Sauvegardes' }).waitFor();
  };

  it('lead with one sentence, and tell each component’s proof, nights and what to do', async () => {
    await list();
    await page.getByText('1 composant sur 7 restauré pour de vrai cette semaine').waitFor();
    const strips = await page.getByRole('slider').count();
    expect(strips).toBe(3);
    await holds('list');
    if (pictures !== undefined) {
      await page.emulateMedia({ media: 'print' });
      await page.screenshot({ path: join(pictures, 'list-print.png'), fullPage: true });
      await page.emulateMedia({ media: 'screen' });
    }
  });
  it('go from night to night by keyboard, each said in words, and open one', async () => {
    await list();
    const strip = page.getByRole('slider', { name: /Base du dossier patient/ });
    await strip.focus();
    await page.keyboard.press('End');
    expect(await strip.getAttribute('aria-valuetext')).toMatch(/signe trouvé, 4,2\sGo, ajoutés\s: 11\s840/);
    for (let step = 0; step < 9; step += 1) await page.keyboard.press('ArrowLeft');
    expect(await strip.getAttribute('aria-valuetext')).toMatch(
      /aucun signe connu, dernière sans signe connu, restaurée pour de vrai/,
    );
    await holds('chosen');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Base du dossier patient' }).waitFor();
    await page.getByText(/12\s104 fichiers ajoutés et 3\s180 modifiés seraient perdus/).waitFor();
    await holds('night-clear');
  });
  it('tell a night’s signs, since when, and where, and ask two persons to explain one', async () => {
    server.looks.set('/signs/look', sighting);
    await page.goto(`${url}/restoration/backups/gh%3Aehr-db/night-0-4f1d9c22a7`);
    await page.getByText('contenu sans doute chiffré').first().waitFor();
    await page.getByRole('button', { name: 'Expliquer ce signe' }).first().click();
    await page.getByText('Trouvé à 40 endroits, 38 contenus différents').waitFor();
    await page.getByText(/Tout autre contenu que trouve cette règle reste un signe/).waitFor();
    await page.getByRole('radio', { name: 'Ces fichiers, même s’ils changent' }).check();
    await page.getByText(/partout ailleurs, elle compte/).waitFor();
    await page.getByLabel('Ce que c’est, et comment vous le savez').fill('Archive chiffrée par nous.');
    await holds('night-signs');
    await page.getByRole('button', { name: 'Demander l’accord d’une seconde personne' }).click();
    await expect
      .poll(() => server.acts.find(({ path }) => path.endsWith('/signs/explain'))?.body)
      .toEqual({
        component: 'gh:ehr-db',
        snapshot: 'night-0-4f1d9c22a7',
        rule: 'content-encrypted',
        reach: 'place',
        seen: sighting.seen,
        reason: 'Archive chiffrée par nous.',
      });
    expect(page.url()).not.toContain('srv');
  });
  it('tell what was explained elsewhere and not here, whole rules of before as such, and take one back', async () => {
    await page.goto(`${url}/restoration/backups/gh%3Aehr-db/night-3-4f1d9c22a7`);
    await page.getByText('Expliqué pour 2 sur 3 : pour le reste, expliqué ailleurs, pas ici.').waitFor();
    await page.getByText(/Expliqué ailleurs, pas ici.*autre place/).waitFor();
    await page.getByText(/toute la règle sur ce composant\. Un nouveau fichier/).waitFor();
    await page.getByRole('button', { name: 'Ne plus l’expliquer' }).first().click();
    await page.getByLabel('Ce que c’est, et comment vous le savez').fill('Ce n’est pas le nôtre.');
    await holds('night-explained');
    await page.getByRole('button', { name: 'Ne plus l’expliquer' }).first().click();
    await expect
      .poll(() => server.acts.find(({ path }) => path.endsWith('/signs/unexplain'))?.body)
      .toEqual({ component: 'gh:ehr-db', rule: 'APT_Webshell_Tiny', reason: 'Ce n’est pas le nôtre.' });
  });
  it('offer the whole rule only where it is too much to look through, with what that hides', async () => {
    server.looks.set('/signs/look', { ...sighting, findingsInAll: 11_840, contents: 11_836, bound: false });
    await page.goto(`${url}/restoration/backups/gh%3Aehr-db/night-0-4f1d9c22a7`);
    await page.getByRole('button', { name: 'Expliquer ce signe' }).first().click();
    await page.getByText(/un nouvel intrus compris/).waitFor();
    expect(await page.getByText('Ces contenus, où qu’ils soient').count()).toBe(0);
    await holds('night-rule');
  });
  it('have the second person look at the same before they agree', async () => {
    server.looks.set('/signs/look', sighting);
    const asked = {
      ...{ type: 'ExplainFindings', component: 'gh:ehr-db', snapshot: 'night-0-4f1d9c22a7', rule: 'content-encrypted' },
      ...{ reach: 'content', seen: sighting.seen, findings: 40, reason: 'Archive chiffrée par nous.' },
    };
    const approval = {
      approval: 'approval-1',
      act: 'sign.explain',
      askedBy: 'person:other',
      asked,
      at: NOW,
      until: NOW,
    };
    server.views = { ...server.views, approvals: { approvals: [approval] } };
    await list();
    const agree = page.getByRole('button', { name: /Donner mon accord/ });
    expect(await agree.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Voir ce qui serait expliqué' }).click();
    await page.getByText('C’est ce que la première personne a vu.').waitFor();
    expect(await agree.isDisabled()).toBe(false);
    await holds('approval');
    server.looks.set('/signs/look', { ...sighting, seen: '0'.repeat(64) });
    await list();
    await page.getByRole('button', { name: 'Voir ce qui serait expliqué' }).click();
    await page.getByText(/Ce n’est plus ce que la première personne a vu/).waitFor();
    expect(await agree.isDisabled()).toBe(true);
  });
  it('take back what was said of a compromise by asking a second person', async () => {
    await list();
    await page.getByRole('button', { name: 'Revenir sur cette date' }).click();
    await page.getByText('Refaire confiance à des nuits se décide à deux').waitFor();
    await holds('withdraw');
    await page.getByRole('button', { name: /Retirer tout à fait/ }).dispatchEvent('click');
    await page.getByRole('button', { name: /Oui, Retirer/ }).click();
    await expect
      .poll(() => server.acts.find(({ path }) => path.endsWith('/compromise/withdraw'))?.body)
      .toEqual({ component: 'gh:lis', since: null });
  });
  it('show a proof at work, and what an open incident stops', async () => {
    server.views = { ...server.views, backups: runningProof, incidents, restoration: restoring };
    await list();
    await page.getByText('Essai de restauration en cours.').waitFor();
    await page.getByText(/La restauration en cours a choisi, pour Base du dossier patient/).waitFor();
    await holds('running');
  });
  it('stand among the alarms where a component might not come back, for what care it carries; silent else', async () => {
    server.views = { ...server.views, alarms: unrestorable };
    await page.goto(`${url}/incidents`);
    await page.getByRole('heading', { name: 'Ce qui pourrait ne pas revenir' }).waitFor();
    await page.getByText('Rien n’est en panne de ce fait.').waitFor();
    const care = await page.locator('.could-not h3').allTextContents();
    expect(care[0]).toMatch(/ et 2 autres$/);
    await page.getByText(/son essai de restauration échoue, depuis/).waitFor();
    await page.getByText('La sauvegarde est injoignable').waitFor();
    await holds('might-not-come-back');
    await page.getByRole('link', { name: 'Ouvrir ses nuits' }).last().click();
    await page.getByRole('heading', { level: 1, name: 'Sauvegardes' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#gh%3Aris');
    server.views = { ...server.views, alarms: { ...unrestorable, restorability: [] } };
    await page.goto(`${url}/incidents`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByText('Ce qui pourrait ne pas revenir').count()).toBe(0);
  });
  it('say what to do where no source is configured', async () => {
    server.views = { ...server.views, backups: noSources };
    await list();
    await page.getByText('Aucune source de sauvegarde n’est configurée ici').waitFor();
    await holds('no-sources');
  });
});
