import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Secret, TOTP } from 'otpauth';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../scripts/gates/axe.ts';
import { builtWeb, missing, openBrowser } from '../web/testing/browser.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import { firstAccount, password } from './fixtures/firstAccount.ts';
import type { Hub, HubOptions } from './hub.ts';

const keepsPictures = process.env.REFLEXE_SIGN_IN_PICTURES;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let context: BrowserContext;
let folder: string;
let hubs: Hub[];
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (missing !== null) return;
  browser = await openBrowser({ width: 1280, height: 900, theme: 'light', language: 'fr' });
  context = browser.context;
});
afterAll(async () => {
  if (missing !== null) return;
  await browser.close();
});
beforeEach(async (test) => {
  if (missing !== null) return test.skip(missing);
  folder = mkdtempSync(join(tmpdir(), 'reflexe-sign-in-'));
  hubs = [];
  complaints = [];
  page = await newPage();
});
afterEach(async () => {
  if (missing !== null) return;
  for (const open of context.pages().slice(1)) await open.close();
  await context.clearCookies();
  for (const hub of hubs) await hub.close();
  rmSync(folder, { recursive: true });
  expect(complaints).toEqual([]);
});

async function newPage(): Promise<Page> {
  const made = await context.newPage();
  made.on('pageerror', (error) => complaints.push(error.message));
  made.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return made;
}

async function start(name: string, more: Partial<HubOptions> = {}): Promise<Hub> {
  const hub = await exampleHub(folder, { dataFolder: join(folder, name), webRoot: builtWeb(), ...more });
  hubs.push(hub);
  return hub;
}

/** A telephone or a computer with a sensor, which confirms at once. */
async function authenticator(at: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await context.newCDPSession(at);
  await session.send('WebAuthn.enable');
  const { authenticatorId: id } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, id };
}

async function openAccount(at: Page = page): Promise<void> {
  await at.getByRole('navigation').getByRole('link', { name: 'Réglages' }).click();
  await at.getByRole('link', { name: 'Compte et sécurité' }).click();
  await at.getByRole('heading', { name: 'Votre compte' }).waitFor();
}
async function signOut(at: Page = page): Promise<void> {
  await at.getByRole('navigation').getByRole('link', { name: 'Réglages' }).click();
  await at.getByRole('button', { name: 'Se déconnecter' }).click();
  await at.getByRole('heading', { name: 'Connexion' }).waitFor();
}
const passkeyButton = () => page.getByRole('button', { name: 'Entrer avec ma clé d’accès' });
const entered = (at: Page = page) => at.getByRole('navigation').getByRole('link', { name: 'Réglages' }).waitFor();

async function look(name: string, at: Page = page): Promise<void> {
  if (keepsPictures === undefined) return;
  mkdirSync(keepsPictures, { recursive: true });
  for (const [width, theme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    await at.setViewportSize({ width, height: 800 });
    await at.emulateMedia({ colorScheme: theme });
    await at.screenshot({ path: join(keepsPictures, `${name}-${width}.png`), fullPage: true });
  }
  await at.setViewportSize({ width: 1280, height: 900 });
  await at.emulateMedia({ colorScheme: 'light' });
}

describe('signing in by passkey', () => {
  it('is one gesture, once a passkey was added to the account', async () => {
    const hub = await start('hub');
    const device = await authenticator(page);
    // A browser that offers nothing by itself: the button is what is left.
    await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false;');
    await firstAccount(page, hub);
    await openAccount();
    await look('account-new');
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
    await page.getByRole('button', { name: 'Renommer Téléphone' }).waitFor();
    const { credentials } = await device.session.send('WebAuthn.getCredentials', { authenticatorId: device.id });
    expect(credentials).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);
    expect(await violationsOf(page)).toEqual([]);
    await signOut();
    await look('sign-in');
    expect(await violationsOf(page)).toEqual([]);
    await passkeyButton().click();
    await entered();
    await openAccount();
    await page.getByText('utilisée').first().waitFor();
  });

  it('works on another machine that serves the same name with a copy of the store', async () => {
    const hub = await start('hub');
    await authenticator(page);
    await firstAccount(page, hub);
    await openAccount();
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
    await page.getByRole('button', { name: 'Renommer Téléphone' }).waitFor();
    await hub.close();
    hubs = [];
    // What a box holds of a hub: its people, and what opens them; not its journal.
    const [from, to] = [join(folder, 'hub'), join(folder, 'box')];
    mkdirSync(to, { mode: 0o700 });
    const store = new DatabaseSync(join(from, 'access.sqlite'));
    store.exec(`DELETE FROM sessions; VACUUM INTO '${join(to, 'access.sqlite')}'`);
    store.close();
    cpSync(join(from, 'keys'), join(to, 'keys'), { recursive: true });
    if (existsSync(`${from}.key`)) copyFileSync(`${from}.key`, `${to}.key`);
    rmSync(from, { recursive: true });

    const box = await start('box');
    expect(box.url).not.toBe(hub.url);
    expect(box.firstLink).toBeNull();
    await context.clearCookies();
    // Nobody presses anything: the browser offers the passkey in the name’s field, and this device confirms.
    await page.goto(box.url);
    await entered();
    await openAccount();
    await page.getByRole('button', { name: 'Renommer Téléphone' }).waitFor();
  });

  it('says what to do when the device was not answered, and leaves the password as a way in', async () => {
    const hub = await start('hub');
    await firstAccount(page, hub);
    await signOut();
    const device = await authenticator(page);
    await device.session.send('WebAuthn.setUserVerified', { authenticatorId: device.id, isUserVerified: false });
    await passkeyButton().click();
    await page.getByText('Rien n’a été confirmé sur l’appareil.').waitFor();
    await page.getByLabel('Nom de connexion').fill('camille');
    await page.getByLabel('Mot de passe').fill(password);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await entered();
  });
});

describe('signing in by password and code', () => {
  it('asks for the code of the application that was added, then for a recovery code when the telephone is lost', async () => {
    const hub = await start('hub');
    await firstAccount(page, hub);
    await openAccount();
    await page.getByRole('button', { name: 'Ajouter une application' }).click();
    await page.getByRole('img', { name: 'Carré à viser' }).waitFor();
    const secret = (await page.locator('.account-secret').innerText()).replaceAll(' ', '');
    const codeNow = () =>
      new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate();
    await look('totp');
    expect(await violationsOf(page)).toEqual([]);
    const first = codeNow();
    await page.getByLabel('Code affiché par l’application').fill(first);
    await page.getByRole('button', { name: 'Vérifier et activer' }).click();
    await page.getByText('Active, ajoutée').waitFor();
    await page.getByRole('button', { name: 'Faire une feuille' }).click();
    await page.getByRole('heading', { name: 'Codes de secours de Camille' }).waitFor();
    const codes = await page.locator('.recovery-codes code').allInnerTexts();
    expect(codes).toHaveLength(10);
    await look('recovery');
    await page.getByRole('button', { name: 'C’est noté' }).click();
    await signOut();

    await page.getByLabel('Nom de connexion').fill('camille');
    await page.getByLabel('Mot de passe').fill(password);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByLabel('Code à six chiffres').waitFor();
    await look('second-factor');
    expect(await violationsOf(page)).toEqual([]);
    // The code that activated it opens nothing: it was used.
    await page.getByLabel('Code à six chiffres').fill(first);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByText('Ce code a déjà servi.').waitFor();
    await expect.poll(codeNow, { timeout: 40_000, interval: 500 }).not.toBe(first);
    await page.getByLabel('Code à six chiffres').fill(codeNow());
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await entered();
    await signOut();

    await page.getByLabel('Nom de connexion').fill('camille');
    await page.getByLabel('Mot de passe').fill(password);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('button', { name: 'J’ai perdu mon téléphone' }).click();
    await page.getByLabel('Code de secours').fill((codes[4] ?? '').toLowerCase());
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await entered();
    await openAccount();
    await page.getByText('9 codes restants sur 10').waitFor();
    await look('account-full');
  }, 120_000);
});

it('a newcomer opens their link on a telephone, makes a passkey, and the link is spent', async () => {
  const hub = await start('hub');
  await authenticator(page);
  await firstAccount(page, hub);
  const token = await page.evaluate(async () => {
    const answer = await fetch('/api/people', {
      method: 'POST',
      headers: { 'x-reflexe': '1', 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'paul',
        displayName: 'Paul Ngo, cadre de santé',
        grants: [{ role: 'clinician', scope: 'establishment' }],
      }),
    });
    return ((await answer.json()) as { token: string }).token;
  });
  await context.clearCookies();
  const telephone = await newPage();
  await telephone.setViewportSize({ width: 360, height: 740 });
  await authenticator(telephone);
  await telephone.goto(`${hub.url}/#link=${token}`);
  await telephone.getByRole('heading', { name: 'Bonjour Paul Ngo' }).waitFor();
  await look('link', telephone);
  await telephone.setViewportSize({ width: 360, height: 740 });
  expect(await violationsOf(telephone)).toEqual([]);
  for (const button of await telephone.getByRole('button').all())
    expect((await button.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  const wide = await telephone.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(wide).toBeLessThanOrEqual(0);
  await telephone.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await entered(telephone);
  expect(new URL(telephone.url()).hash).toBe('');
  await context.clearCookies();
  await page.goto(`${hub.url}/?again#link=${token}`);
  await page.getByText('Ce lien a déjà servi').waitFor();
});
