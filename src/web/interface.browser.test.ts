import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../scripts/gates/axe.ts';
import { aboutToFall, calm, empty, falling } from './fixtures/board.ts';
import { incidents, longCrisis } from './fixtures/incidents.ts';
import { map, noMap } from './fixtures/map.ts';
import { readyToRelease, restoring } from './fixtures/restoration.ts';
import { builtWeb, missing, openBrowser } from './testing/browser.ts';
import { FixtureServer } from './testing/fixtureServer.ts';

const inCrisis = { board: falling, incidents, restoration: restoring, map, approvals: { approvals: [] } };
let browser: Awaited<ReturnType<typeof openBrowser>>;
let context: BrowserContext;
let server: FixtureServer;
let url: string;
let page: Page;
/** What the page complained of: a refused style, a broken script, a missing key. */
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
  page.on('console', (message) => {
    // A refused or cut request is reported by the browser whatever the page makes of it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
});
afterEach(async () => {
  if (missing !== null) return;
  await page.close();
  await server.close();
  expect(complaints).toEqual([]);
});

/** Waits for the thing itself, however busy the machine is. */
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 });
const acted = (path: string) => eventually(() => server.acts.find((act) => act.path.endsWith(path))?.body);
const band = (name: string) => page.locator('.band', { hasText: name });

describe('signing in', () => {
  it('creates the administrator from the one-time link, and forgets the link', async () => {
    server.signedIn = false;
    server.isNew = true;
    await page.goto(`${url}/#first=one-time-token`);
    await page.getByLabel('Nom et fonction').fill('J. Durand');
    await page.getByLabel('Nom de connexion').fill('jdurand');
    await page.getByLabel('Mot de passe', { exact: true }).fill('court');
    await page.getByRole('button', { name: 'Créer le compte' }).click();
    await page.getByText('Il manque 7 caractères.').waitFor();
    expect(server.acts).toEqual([]);
    await page.getByLabel('Mot de passe', { exact: true }).fill('cheval agrafe pile correct');
    await page.getByRole('button', { name: 'Créer le compte' }).click();
    await page.getByText('Prochaine rupture').waitFor();
    await acted('/api/sign-in/first').toEqual({
      token: 'one-time-token',
      name: 'jdurand',
      displayName: 'J. Durand',
      password: 'cheval agrafe pile correct',
    });
    expect(new URL(page.url()).hash).toBe('');
  });
  it('offers no account where a link was used already: it says so, and asks for the password', async () => {
    server.signedIn = false;
    await page.goto(`${url}/#first=used`);
    await page.getByText('Ce lien a déjà servi ou a expiré.').waitFor();
    expect(await page.getByRole('button', { name: 'Créer le compte' }).count()).toBe(0);
  });
  it('says in place why it refuses, in the reader’s language, and does not lose what was typed', async () => {
    server.signedIn = false;
    const refusal = { code: 'sign-in-refused', message: 'no', retryable: false };
    server.refusals.set('/api/sign-in', { status: 401, refusal });
    await page.goto(url);
    await page.getByLabel('Nom de connexion').fill('jdurand');
    await page.getByLabel('Mot de passe').fill('faux');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('alert').getByText('Ce nom et ce mot de passe ne vont pas ensemble.').waitFor();
    expect(await page.getByLabel('Nom de connexion').inputValue()).toBe('jdurand');
  });
});

describe('the Board', () => {
  it('leads with the next gap, its minutes, wards and beds', async () => {
    server.views = { ...inCrisis, board: aboutToFall };
    await page.goto(url);
    const heading = page.getByRole('heading', { level: 1 });
    await eventually(() => heading.innerText()).toMatch(
      /Prochaine rupture\s+Prescription et administration\s+dans 45\smin/,
    );
    expect(await page.locator('.next-gap-scope').innerText()).toMatch(/à 15\sh\s05 · 10 services · 214 lits/);
    await eventually(() => page.title()).toContain('dans 45');
  });
  it('draws the gap ahead between the end of the hold and the return, with its minutes', async () => {
    server.views = { ...inCrisis };
    await page.goto(url);
    const row = band('Prescription et administration');
    await row.waitFor();
    const box = async (part: string) => (await row.locator(part).boundingBox()) ?? { x: Number.NaN, width: 0 };
    const [hold, gap, range] = [await box('.track-hold'), await box('.track-gap-sure'), await box('.track-range')];
    expect(Math.abs(hold.x + hold.width - gap.x)).toBeLessThan(2);
    expect(Math.abs(gap.x + gap.width - range.x)).toBeLessThan(2);
    expect(await row.locator('.track-minutes').innerText()).toMatch(/25\smin – 1\sh\s05/);
    expect(await band('Surveillance').locator('.track-gap').count()).toBe(0);
  });
  it('shows twelve care functions at once on a laptop, under the banner of an exercise', async () => {
    const twelfth = falling.bands.slice(2, 3).map((one) => ({ ...one, careFunction: 'gh:again' }));
    server.views = { ...inCrisis, board: { ...falling, bands: [...falling.bands, ...twelfth] } };
    server.world = { ...server.world, kind: 'exercise', scenario: { id: 'power-cut', finished: false } };
    await page.goto(url);
    await page.getByText('rien de ceci n’est réel').waitFor();
    await page.getByText('La coupure du 3 août').waitFor();
    const bottoms = await page
      .locator('.band')
      .evaluateAll((bands) => bands.map((one) => one.getBoundingClientRect().bottom));
    expect(bottoms).toHaveLength(12);
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(900);
  });
  it('says what a forecast waits for instead of drawing one', async () => {
    server.views = { ...inCrisis };
    await page.goto(url);
    await eventually(() => band('Transfusion').locator('.band-comes').innerText()).toMatch(
      /Pas de prévision avant une sauvegarde/,
    );
    expect(await band('Transfusion').locator('.track-range').count()).toBe(0);
  });
  it('opens a band in place: a ward confirms its hold in one tap, and the feed brings the new state', async () => {
    server.views = { ...inCrisis };
    await page.goto(url);
    await band('Laboratoire').getByRole('button', { expanded: false }).first().click();
    await page.getByRole('button', { name: 'Tenu ici, Urgences adultes' }).click();
    await acted('/api/worlds/live/holds').toEqual({ careFunction: 'gh:laboratoire', ward: 'gh:urgences' });
    const index = falling.bands.findIndex((one) => one.careFunction === 'gh:laboratoire');
    server.patch('board', [{ op: 'replace', path: `/bands/${index}/wards/0/state`, value: 'held' }]);
    await page.getByRole('button', { name: 'Ne tient plus, Urgences adultes' }).waitFor();
  });
  it('keeps a refusal beside the act, with what to do', async () => {
    server.views = { ...inCrisis };
    const refusal = { code: 'hold-exhausted', message: 'no', retryable: false };
    server.refusals.set('/api/worlds/live/holds', { status: 422, refusal });
    await page.goto(`${url}/?open=gh:laboratoire`);
    await page.getByRole('button', { name: 'Tenu ici, Urgences adultes' }).click();
    const ward = page.locator('.ward', { hasText: 'Urgences adultes' });
    await ward.getByText('Le mode dégradé a été tenu aussi longtemps qu’il le peut.').waitFor();
    await ward.getByText(/Un clinicien nommé/).waitFor();
    await ward.getByLabel('Pourquoi ce service peut tenir plus longtemps').fill('Renfort de deux infirmières.');
    await ward.getByRole('button', { name: 'Prolonger la tenue' }).click();
    await acted('/holds/extend').toMatchObject({ ward: 'gh:urgences', reason: 'Renfort de deux infirmières.' });
  });
  it('walks from band to band with the arrow keys', async () => {
    await page.goto(url);
    await page.locator('.band-row').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Accueil des urgences');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await band('Repas').getAttribute('data-open')).toBe('true');
  });
  it('explains the next step where no map was imported', async () => {
    server.views = { ...inCrisis, board: empty, map: noMap };
    await page.goto(url);
    await page.getByText('Aucune fonction de soins sur la carte').waitFor();
    await page.getByText('reflexe map check').waitFor();
  });
  it('plays an incident at a chosen speed, in a world marked as an exercise', async () => {
    await page.goto(url);
    await page.getByRole('button', { name: 'Jouer un incident' }).click();
    await page.getByRole('radio', { name: '× 3600' }).check();
    server.others = [
      {
        id: 'exercise-1',
        kind: 'exercise',
        now: falling.now,
        speed: 3600,
        readOnly: null,
        scenario: { id: 'power-cut', finished: false },
      },
    ];
    server.world = server.others[0] ?? server.world;
    await page.getByRole('button', { name: 'Commencer l’exercice' }).click();
    await acted('/api/exercises').toEqual({ scenario: 'power-cut', speed: 3600 });
    await page.getByText('EXERCICE — rien de ceci n’est réel').waitFor();
    expect(new URL(page.url()).pathname).toBe('/worlds/exercise-1');
    await page.getByRole('button', { name: 'Arrêter l’exercice' }).click();
    await acted('/api/exercises/exercise-1/stop').toBeDefined();
  });
});

describe('the drill', () => {
  it('is offered only in a laboratory, tells its stages while the hospital is built, then shows its world', async () => {
    await page.goto(url);
    await page.getByRole('button', { name: 'Jouer un incident' }).waitFor();
    expect(await page.getByRole('button', { name: 'Essai en laboratoire' }).count()).toBe(0);
    server.lab = true;
    await page.reload();
    server.drill = { running: true, stage: 'nights', detail: '', outcome: null };
    await page.getByRole('button', { name: 'Essai en laboratoire' }).click();
    await page.getByText('Les sauvegardes de plusieurs nuits se font.').waitFor();
    server.others = [{ id: 'drill', kind: 'drill', now: falling.now, speed: 1, readOnly: null }];
    server.world = server.others[0] ?? server.world;
    server.views = { ...inCrisis };
    await page.getByText('LABORATOIRE — aucun patient réel').waitFor();
    const end = { ok: false as const, refusal: { code: 'drill-failed', message: 'no', retryable: false } };
    server.drill = { running: false, stage: 'report', detail: '', outcome: end };
    await page.getByText('L’essai n’a pas abouti.').waitFor();
  });
  it('says that an exercise is over, and where the real hospital is', async () => {
    await page.goto(`${url}/worlds/exercise-9`);
    await page.getByRole('heading', { name: 'C’est terminé' }).waitFor();
    await page.getByRole('link', { name: 'Revenir au réel' }).click();
    await page.getByText('Prochaine rupture').waitFor();
  });
});

describe('the feed', () => {
  it('says across the top that it is lost, with the age of what is shown, and resumes', async () => {
    await page.goto(url);
    await band('Laboratoire').waitFor();
    server.dropFollowers();
    // The browser comes back by itself with the last number it saw.
    await eventually(() => server.feedRequests.at(-1)).toMatch(/^feed\.\d+$/);
    await eventually(() => page.locator('.announcement-lost').count()).toBe(0);
    await server.close();
    const lost = page.locator('.announcement-lost');
    await lost.waitFor();
    expect(await lost.textContent()).toMatch(/Liaison perdue.+Ce que vous voyez date de (<\s)?\d+\ss/s);
    expect(await band('Laboratoire').isVisible()).toBe(true);
  });
  it('asks anew where a number is missing, rather than show a wrong state', async () => {
    await page.goto(url);
    await band('Laboratoire').waitFor();
    const asked = server.feedRequests.length;
    const { laboratory, ...shown } = {
      laboratory: calm.bands.findIndex((one) => one.careFunction === 'gh:laboratoire'),
      ...server.views,
    };
    server.views = { ...shown, board: falling };
    server.patch('board', [{ op: 'replace', path: `/bands/${laboratory}/state`, value: 'unknown' }], 2);
    await eventually(() => server.feedRequests.length).toBe(asked + 1);
    await eventually(() => band('Laboratoire').getAttribute('data-state')).toBe('gap');
    expect(server.feedRequests.at(-1)).toBe('');
  });
  it('shows a frozen view as such, a hub that only reads, and an access withdrawn', async () => {
    server.world = { ...server.world, readOnly: { code: 'journal-damaged', message: 'no', retryable: false } };
    await page.goto(url);
    await page.getByText('Lecture seule').waitFor();
    server.send({
      kind: 'stale',
      view: 'board',
      version: 1,
      since: calm.now,
      refusal: { code: 'view-stale', message: 'no', retryable: true },
    });
    await page.getByText(/Tableau\s: figé depuis 14\sh\s20/).waitFor();
    server.signedIn = false;
    server.send({ kind: 'cut', refusal: { code: 'signed-out', message: 'no', retryable: false } });
    await page.getByRole('heading', { name: 'Connexion' }).waitFor();
  });
});

describe('the incident room', () => {
  it('puts my next action first, and finishes it', async () => {
    server.views = { ...inCrisis };
    await page.goto(`${url}/incidents`);
    await page.getByText('Pour vous, maintenant').waitFor();
    await page.locator('.first-action').getByRole('button', { name: 'Fait' }).click();
    await acted('/steps').toEqual({ incident: 'incident-1', plan: 'power-cut', step: 'call-wards', outcome: 'done' });
  });
  it('asks for a held press before the plan blanc; letting go in time does nothing', async () => {
    server.views = { ...inCrisis };
    await page.goto(`${url}/incidents`);
    await page.getByRole('button', { name: 'Changer' }).click();
    await page.getByRole('radio', { name: 'Plan blanc' }).check();
    await page.getByText('du personnel est rappelé').waitFor();
    const press = page.getByRole('button', { name: /^Plan blanc/ });
    await press.hover();
    await page.mouse.down();
    await page.mouse.up();
    expect(server.acts).toEqual([]);
    await page.mouse.down();
    await acted('/levels').toEqual({ incident: 'incident-1', level: 'planBlanc' });
    await page.mouse.up();
  });
  it('lets a switch or a screen reader confirm in two steps what fingers hold', async () => {
    server.views = { ...inCrisis };
    await page.goto(`${url}/incidents`);
    await page.getByRole('button', { name: /^Passer cette étape/ }).dispatchEvent('click');
    await page.getByRole('button', { name: /^Oui,/ }).click();
    await acted('/steps').toMatchObject({ outcome: 'skipped' });
  });
  it('tells the crisis log in sentences, filters it, and writes a line', async () => {
    server.views = { ...inCrisis };
    await page.goto(`${url}/incidents`);
    const log = page.getByRole('log');
    await log.getByText(/Cardiologie tient\s: Prescription et administration, jusqu’à 15\sh\s05/).waitFor();
    await page.locator('label', { hasText: 'Décisions' }).click();
    expect(await log.getByText('Cardiologie tient').count()).toBe(0);
    await log.getByText(/Niveau\s: Veille → Mobilisation interne/).waitFor();
    await page.getByLabel('Ce qui se passe').fill('Le groupe du site nord a démarré.');
    await page.getByRole('button', { name: 'Inscrire' }).click();
    await acted('/log').toEqual({ incident: 'incident-1', kind: 'fact', text: 'Le groupe du site nord a démarré.' });
  });
});

describe('a long crisis', () => {
  const open = async () => {
    server.views = { ...inCrisis, incidents: longCrisis };
    await page.goto(`${url}/incidents/incident-1`);
    await page.getByRole('log').getByText('Point 239 avec l’hébergeur.').waitFor();
  };
  const shownLines = () => page.locator('.log-line').count();
  it('folds routine lines between what people say, and says how many are folded and left out', async () => {
    await open();
    const state = page.locator('.log-state');
    expect(await state.innerText()).toMatch(/253 sur 265 lignes · 237 repliées · 12 lignes de plus, au journal/);
    expect(await shownLines()).toBeLessThan(20);
    const fold = page.locator('.log-fold-button').first();
    expect(await fold.innerText()).toMatch(/30 changements d’état, 29 confirmations de tenue/);
    const before = await shownLines();
    await fold.click();
    await eventually(shownLines).toBe(before + 59);
    await page.getByRole('button', { name: 'Tout déplier' }).click();
    await eventually(shownLines).toBe(253);
    expect(await state.innerText()).not.toContain('repliées');
    await page.getByRole('button', { name: 'Tout replier' }).click();
    await eventually(shownLines).toBeLessThan(20);
  });
  it('searches and filters within, and walks by keys', async () => {
    await open();
    await page.locator('label', { hasText: 'Automatiques' }).click();
    await eventually(shownLines).toBeGreaterThan(100);
    await page.locator('label', { hasText: 'Tout' }).click();
    const log = page.getByRole('log');
    await log.focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Point 239');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.log-fold-button[aria-expanded=true]').count()).toBe(1);
    await page.keyboard.press('/');
    await page.keyboard.type('point 1');
    await eventually(shownLines).toBe(2);
    expect(await page.locator('.log-state').innerText()).toMatch(/«\spoint 1\s» · 2 sur 265 lignes/);
    await page.keyboard.press('Escape');
    await eventually(shownLines).toBeGreaterThan(10);
  });
  it('prints what is chosen, whole, under how much of it that is', async () => {
    await open();
    await page.locator('label', { hasText: 'Décisions' }).click();
    await eventually(shownLines).toBe(4);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.log-state').innerText()).toMatch(/Décisions · 4 sur 265 lignes/);
    const lines = page.locator('.log-lines');
    expect(await lines.evaluate((list) => list.scrollHeight - list.clientHeight)).toBeLessThanOrEqual(1);
    expect(await page.getByRole('button', { name: 'Tout déplier' }).isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });
  it('offers the director to join a second incident to the first, in one tap', async () => {
    server.views = { ...inCrisis, incidents: longCrisis };
    await page.goto(`${url}/incidents/incident-2`);
    await page.getByText('2 incidents en cours. Une seule et même crise').waitFor();
    await page.getByRole('button', { name: 'Joindre à l’incident 1' }).click();
    await acted('/incidents/merge').toEqual({ incident: 'incident-2', into: 'incident-1' });
    await eventually(() => new URL(page.url()).pathname).toBe('/incidents/incident-1');
    server.patch('incidents', [
      { op: 'replace', path: '/incidents/0/closedAt', value: '2024-08-03T12:20:00.000Z' },
      { op: 'replace', path: '/incidents/0/mergedInto', value: 'incident-1' },
    ]);
    await page.getByRole('link', { name: /joint à l’incident 1/ }).click();
    await page.getByRole('link', { name: 'La suite est dans l’incident 1' }).waitFor();
  });
  it('tells a story’s lines in the reader’s language, and a person’s as typed', async () => {
    server.views = { ...inCrisis, incidents: longCrisis };
    await page.goto(`${url}/incidents/incident-1?lang=en`);
    const log = page.getByRole('log');
    await log.getByText('Call 239 with the host.').waitFor();
    await log.getByText('L’hébergeur annonce deux cellules').waitFor();
    await page.goto(`${url}/incidents/incident-1?lang=fr`);
    await log.getByText('Point 239 avec l’hébergeur.').waitFor();
  });
});

describe('restoration', () => {
  it('leads with what waits for a person, shows what was verified, and reopens on a held press', async () => {
    server.views = { ...inCrisis, restoration: readyToRelease };
    await page.goto(`${url}/restoration`);
    await page.getByText('6 faits vérifiés, tous concordent').waitFor();
    await page.getByText(/Données jusqu’au 2\saoût à 5\sh\s00/).waitFor();
    const press = page.getByRole('button', { name: /^Rouvrir aux soignants/ });
    await press.focus();
    await page.keyboard.down('Enter');
    await acted('/releases').toEqual({ recovery: 'recovery-1', careFunction: 'gh:prescription' });
    await page.keyboard.up('Enter');
  });
  it('opens a component to its snapshot, those passed over, and facts expected beside found', async () => {
    server.views = { ...inCrisis };
    await page.goto(`${url}/restoration`);
    await page.getByRole('button', { name: /Base du dossier patient/ }).click();
    await page.getByText(/aucun signe connu, 3 fichiers non examinés/).waitFor();
    await page.getByText('contenu illisible, sans doute chiffré').waitFor();
    await page.getByRole('row', { name: /Prescriptions 18\s442 18\s442 concorde/ }).waitFor();
    expect(await page.getByText(/clean|propre|sûr\b/i).count()).toBe(0);
  });
});

describe('the map', () => {
  it('draws the graph and opens an element from the list, without an accent or a capital', async () => {
    server.views = { ...inCrisis };
    await page.goto(`${url}/map`);
    await page.locator(`.graph[data-things="${map.nodes.length}"]`).waitFor();
    await page.getByRole('searchbox').fill('electrique nord');
    await page.getByRole('button', { name: /Arrivée électrique nord/ }).click();
    await page.getByRole('heading', { name: 'Arrivée électrique nord' }).waitFor();
    await page.getByText('onduleur sur batterie').waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toBe('gh:power-north');
  });
});

describe('for everyone', () => {
  const screens: [string, string][] = [
    ['the Board', '/?open=gh:laboratoire'],
    ['the incident room', '/incidents'],
    ['a long crisis log', '/incidents/incident-1?long'],
    ['restoration', '/restoration'],
    ['the map', '/map?at=gh:vm-a'],
    ['settings', '/settings'],
  ];
  for (const [name, path] of screens) {
    it(`${name} breaks no accessibility rule, light and wide, dark and at 360 px, and never scrolls sideways`, async () => {
      server.views = {
        ...inCrisis,
        restoration: readyToRelease,
        ...(path.endsWith('long') && { incidents: longCrisis }),
      };
      await page.goto(url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path.startsWith('/map')) await page.locator('.graph[data-things]').waitFor();
      for (const [width, colorScheme] of [
        [1440, 'light'],
        [360, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await violationsOf(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
          0,
        );
      }
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: 'light' });
    });
  }
  it('signing in breaks no accessibility rule', async () => {
    server.signedIn = false;
    server.isNew = true;
    await page.goto(`${url}/#first=token`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
  it('changes language and theme at once, and remembers them', async () => {
    await page.goto(`${url}/settings`);
    await page.locator('label', { hasText: 'English' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.locator('label', { hasText: 'Dark' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});
