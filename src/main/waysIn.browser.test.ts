import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientId, clientSecret, LocalProvider } from '../adapters/oidc/fixtures/localProvider.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import { looksRight } from '../web/testing/looks.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import type { Hub } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const picturesFolder = process.env.REFLEXE_WAYS_IN_PICTURES;
const cannot = missing ?? (existsSync('/usr/bin/pdftotext') ? null : 'no pdftotext: apt-get install poppler-utils');
type Browser = Awaited<ReturnType<typeof openBrowser>>;

let folder: string;
let hub: Hub;
let provider: LocalProvider;
/** The administrator's computer, a carer's telephone, a post of the crisis room. */
let desk: { browser: Browser; page: Page };
let phone: { browser: Browser; page: Page };
let post: { browser: Browser; page: Page };
const complaints: string[] = [];

async function open(width: number, theme: 'light' | 'dark'): Promise<{ browser: Browser; page: Page }> {
  const browser = await openBrowser({ width, height: 800, theme, language: 'fr' });
  const page = await browser.context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return { browser, page };
}

/** The whole hospital's hub, its provider beside it, and three screens. */
beforeAll(async () => {
  if (cannot !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-ways-in-'));
  const configuration = join(folder, 'configuration');
  cpSync(join(root, 'examples', 'groupe-exemple'), configuration, { recursive: true });
  const accounts = {
    claire: { claims: { name: 'Claire Roux', groups: ['/reflexe/direction'] }, amr: ['mfa'] },
    inconnu: { claims: { name: 'Marc Petit' } },
  };
  const returnTo: string[] = [];
  provider = new LocalProvider(accounts, returnTo);
  await provider.start();
  writeFileSync(
    join(configuration, 'sign-in.yaml'),
    `providers:
  - id: hopital
    preset: keycloak
    issuer: ${provider.issuer}
    clientId: ${clientId}
    secret: hopital-client
    grants:
      - { claim: groups, value: /reflexe/direction, role: crisisDirector, scope: establishment }
`,
  );
  const dataFolder = join(folder, 'data');
  mkdirSync(join(dataFolder, 'secrets'), { recursive: true, mode: 0o700 });
  writeFileSync(join(dataFolder, 'secrets', 'hopital-client'), clientSecret, { mode: 0o600 });
  hub = await exampleHub(folder, { dataFolder, configuration, webRoot: builtWeb() });
  // The provider learns where this hub stands, as an administrator of it would write.
  returnTo.push(`${hub.url}/sign-in/hopital`);
  await provider.stop();
  await provider.start();
  [desk, phone, post] = await Promise.all([open(1440, 'light'), open(360, 'dark'), open(1440, 'light')]);
});
afterAll(async () => {
  if (cannot !== null) return;
  for (const one of [desk, phone, post]) await one?.browser.close();
  await hub?.close();
  await provider?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (page: Page, path: string, body?: object) =>
  page.evaluate(
    async ([to, sent]) => {
      const answer = await fetch(to, {
        method: sent === null ? 'GET' : 'POST',
        headers: { 'x-reflexe': '1', ...(sent === null ? {} : { 'content-type': 'application/json' }) },
        ...(sent === null ? {} : { body: sent }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    [path, body === undefined ? null : JSON.stringify(body)] as const,
  );

async function held(page: Page, name: string): Promise<void> {
  const press = page.getByRole('button', { name: new RegExp(`^${name}`) }).first();
  await press.focus();
  await page.keyboard.down('Enter');
  await page.getByText('Votre papier est prêt').waitFor();
  await page.keyboard.up('Enter');
}

/** The text of the document the page offers, saved as a person would. */
async function paper(page: Page): Promise<string> {
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Ouvrir le PDF' }).click();
  const file = join(folder, 'paper.pdf');
  await (await saved).saveAs(file);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

const codesIn = (text: string, groups: number): string[] =>
  [...text.matchAll(new RegExp(`\\b(?:[0-9A-Z]{4}-){${groups - 1}}[0-9A-Z]{4}\\b`, 'g'))].map(([code]) => code);

let card: string;
let envelopes: string[];

describe('ways in without an account', { timeout: 300_000 }, () => {
  it('are printed before the night they are needed', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { page } = desk;
    await page.goto(hub.url);
    const token = hub.firstLink?.split('#first=')[1];
    const made = await ask(page, '/api/sign-in/first', {
      token,
      name: 'camille',
      displayName: 'Camille Martin',
      password: 'quatre mots tranquilles ensemble',
    });
    expect(made.status).toBe(200);
    await page.goto(`${hub.url}/people/emergency`);
    await page.getByRole('checkbox', { name: 'Imprimer une carte pour Réanimation' }).check();
    await page.getByRole('button', { name: 'Imprimer 1 carte' }).click();
    await page.getByText('Votre papier est prêt').waitFor();
    const text = await paper(page);
    expect(text).toContain('Réanimation');
    [card = ''] = codesIn(text, 4);
    await looksRight(page, 'emergency-ways', picturesFolder);
    await page.reload();
    await page.getByText('Elles n’ont jamais été imprimées.').waitFor();
    await held(page, 'Imprimer deux nouvelles enveloppes');
    envelopes = codesIn(await paper(page), 6);
    expect(envelopes).toHaveLength(2);
    await page.getByText('Elles sont scellées.').waitFor();
  });

  it('a carer scans the ward’s card on a telephone, says who and why, and is in for this ward alone', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { page } = phone;
    // What the camera opens.
    await page.goto(`${hub.url}/#card=${card.replaceAll('-', '')}`);
    await page.getByText('Réanimation', { exact: true }).waitFor();
    expect(page.url()).not.toContain(card.slice(0, 4));
    await looksRight(page, 'care-scanned-360', picturesFolder);
    await page.getByLabel('Prénom et nom').fill('Élodie Bernard');
    await page.getByText('Ma connexion habituelle ne répond pas').click();
    await looksRight(page, 'care-filled-360', picturesFolder);
    await page.getByRole('button', { name: /^Entrer/ }).click();
    await page.getByRole('region', { name: /Accès d’urgence : Réanimation/ }).waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await looksRight(page, 'care-inside-360', picturesFolder);
    const { document } = hub.establishment.world.state.map;
    const careFunction = document?.careFunctions.find(({ name }) => name.fr.startsWith('Réanimation'))?.id;
    const report = (ward: string) => ask(page, '/api/worlds/live/reports', { careFunction, ward, works: true });
    const wards = JSON.parse((await ask(desk.page, '/api/ward-cards')).text).wards as {
      id: string;
      name: { fr: string };
    }[];
    const own = wards.find(({ name }) => name.fr === 'Réanimation')?.id ?? '';
    const elsewhere = wards.filter(({ id }) => id !== own).map(({ id }) => id);
    expect(elsewhere.length).toBeGreaterThan(0);
    expect((await report(own)).status).toBe(200);
    for (const ward of elsewhere) expect((await report(ward)).status).toBe(403);
    for (const path of ['/api/ward-cards', '/api/people', '/api/break-glass/reviews'])
      expect((await ask(page, path)).status).toBe(403);
  });

  it('typed by hand, by keyboard alone; a slip is told, and a wrong card', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { page } = post;
    await page.goto(hub.url);
    await page.getByRole('link', { name: /Carte de service/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Code', { exact: true }).focus();
    const slip = card.slice(0, -1) + (card.endsWith('0') ? '1' : '0');
    await page.keyboard.type(slip.replaceAll('-', '').toLowerCase());
    expect(await page.getByLabel('Code', { exact: true }).inputValue()).toBe(slip);
    await page.getByText('16 signes sur 16').waitFor();
    await looksRight(page, 'care-typed', picturesFolder);
    await page.keyboard.press('Enter');
    await page.getByText('Ce code n’est pas tapé comme il est imprimé.').waitFor();
    await page.getByLabel('Code', { exact: true }).fill('0000-0000-0000-0000');
    await page.keyboard.press('Enter');
    await page.getByText('Aucune carte ne porte ce code.').waitFor();
    await looksRight(page, 'care-refused', picturesFolder);
    await page.getByRole('button', { name: 'Retour à la connexion' }).click();
    await page.getByRole('heading', { name: 'Connexion' }).waitFor();
  });

  it('every opening waits for a named person, who questions or accepts it', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { page } = desk;
    await page.goto(hub.url);
    await page.getByRole('link', { name: '1 ouverture d’urgence à relire' }).click();
    await page.getByRole('heading', { name: /Réanimation · Élodie Bernard/ }).waitFor();
    await page.getByText('Ma connexion habituelle ne répond pas').waitFor();
    await looksRight(page, 'openings', picturesFolder);
    await page.getByLabel('Remarque').fill('Vérifier avec la cadre du service.');
    await page.getByRole('button', { name: 'Questionner' }).click();
    await page.getByText('Rien à relire.').waitFor();
    await page.getByText('Questionnée').waitFor();
    await page.getByText(/par Camille Martin/).waitFor();
  });

  it('the establishment’s provider lets in whoever its groups name, and has others wait', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { page } = post;
    await page.goto(hub.url);
    await page.getByRole('button', { name: 'Continuer avec Compte de l’établissement' }).click();
    await page.getByRole('link', { name: 'inconnu' }).click();
    await page.getByText('Votre fournisseur d’identité vous connaît').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await looksRight(page, 'provider-waits', picturesFolder);
    // Somebody else at the same post: the provider forgets who was there.
    await post.browser.context.clearCookies({ domain: '127.0.0.1' });
    await page.getByRole('button', { name: 'Retour à la connexion' }).click();
    await page.getByRole('button', { name: 'Continuer avec Compte de l’établissement' }).click();
    await page.getByRole('link', { name: 'claire' }).click();
    await page.getByRole('navigation', { name: 'Écrans' }).waitFor();
    expect(JSON.parse((await ask(page, '/api/session')).text).person).toMatchObject({ displayName: 'Claire Roux' });
    // The answer was good once: the same address leads nowhere the second time.
    await page.goBack();
    expect(page.url()).not.toContain('code=');
    // Signing out here signs out there, and comes back.
    await page.goto(`${hub.url}/settings`);
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.waitForURL(`${provider.issuer}/**`);
    await page.goto(hub.url);
    await page.getByRole('heading', { name: 'Connexion' }).waitFor();
  });

  it('with the provider stopped, two people open an administration session with their envelopes; everybody sees it', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    await provider.stop();
    const { page } = post;
    await page.goto(hub.url);
    await page.getByText('Compte de l’établissement ne répond pas.').waitFor();
    await looksRight(page, 'provider-silent', picturesFolder);
    await page.getByRole('link', { name: /Bris de glace administratif/ }).click();
    await page.getByRole('heading', { name: 'Première personne' }).waitFor();
    await page.getByLabel('Prénom et nom').fill('Paul Durand');
    await page.getByLabel('Pourquoi').fill('Annuaire chiffré, plus personne ne se connecte.');
    await page.getByLabel('Code', { exact: true }).fill(envelopes[0] ?? '');
    await looksRight(page, 'envelope-first', picturesFolder);
    await page.getByRole('button', { name: 'Donner cette enveloppe' }).click();
    await page.getByText('L’enveloppe 1 est ouverte.').waitFor();
    // Everybody is told already, and nobody is in.
    await phone.page.getByText(/Bris de glace administratif utilisé/).waitFor();
    expect((await ask(page, '/api/session')).status).toBe(401);
    await page.getByRole('heading', { name: 'Seconde personne' }).waitFor();
    await page.getByLabel('Prénom et nom').fill('paul durand');
    await page.getByLabel('Code', { exact: true }).fill(envelopes[1] ?? '');
    await page.getByRole('button', { name: 'Ouvrir la session d’administration' }).click();
    await page.getByText('Les deux enveloppes sont ouvertes par deux personnes.').waitFor();
    await looksRight(page, 'envelope-second', picturesFolder);
    await page.getByLabel('Prénom et nom').fill('Inès Moreau');
    await page.getByRole('button', { name: 'Ouvrir la session d’administration' }).click();
    await page.getByRole('region', { name: 'Accès d’urgence : administration' }).waitFor();
    await looksRight(page, 'administrative-inside', picturesFolder);
    await phone.page.getByText(/Une session d’administration est ouverte/).waitFor();
    await looksRight(phone.page, 'care-alarm-360', picturesFolder);
    await page.getByRole('link', { name: 'Sceller de nouvelles enveloppes' }).click();
    await page.getByText('Elles ont été ouvertes').waitFor();
    await held(page, 'Imprimer deux nouvelles enveloppes');
    await page.getByText('Elles sont scellées.').waitFor();
    await phone.page.getByText(/Bris de glace administratif utilisé/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Quitter' }).click();
    await page.getByRole('heading', { name: 'Connexion' }).waitFor();
    await provider.start();
    await page.getByRole('button', { name: 'Continuer avec Compte de l’établissement' }).waitFor();
  });

  it('and the carer, back after a pause, goes on by the card alone', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { page } = phone;
    await page.goto(`${hub.url}/#card=${card}`);
    await page.getByRole('button', { name: 'Reprendre : Élodie Bernard' }).waitFor();
    await looksRight(page, 'care-again-360', picturesFolder);
    await page.getByRole('button', { name: 'Reprendre : Élodie Bernard' }).click();
    await page.getByRole('region', { name: /Accès d’urgence : Réanimation/ }).waitFor();
    await page.goto(`${hub.url}/break-glass`);
    await page.getByLabel('Code', { exact: true }).fill(envelopes[0] ?? '');
    await looksRight(page, 'envelope-360', picturesFolder);
    expect(complaints).toEqual([]);
  });

  it('all of it is in the journal’s trail by ids, and no name nor reason stands in clear in any file', async (test) => {
    if (cannot !== null) return test.skip(cannot);
    const { audit } = hub.establishment.world.state.access;
    const noted = new Set(audit.map(({ what }) => what));
    for (const what of [
      'wardCardMade',
      'careBreakGlassOpened',
      'breakGlassReviewed',
      'providerLinked',
      'providerSubjectWaits',
      'envelopesSealed',
      'envelopeUsed',
      'administrativeBreakGlassOpened',
      'breakGlassEnded',
    ])
      expect(noted).toContain(what);
    const said = ['Élodie', 'Bernard', 'Inès', 'Marc Petit', 'cadre du service', 'Annuaire chiffré', card];
    expect(JSON.stringify(audit)).not.toMatch(new RegExp(said.join('|')));
    const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(5);
    const found = files.flatMap(({ parentPath, name }) => {
      const bytes = readFileSync(join(parentPath, name));
      return said.filter((text) => bytes.includes(text)).map((text) => `${name}: ${text}`);
    });
    expect(found).toEqual([]);
  });
});
