import { describe, expect, it } from 'vitest';
import { applied } from '../../../map/change/apply.ts';
import { chosen } from '../../../map/import/choose.ts';
import type { ImportMemory } from '../../../map/import/memory.ts';
import { type Review, review } from '../../../map/import/review.ts';
import type { HospitalMap } from '../../../map/model.ts';
import { readMapFiles } from '../../yaml/mapFiles.ts';
import { mapYaml } from '../../yaml/mapYaml.ts';
import { mapYamlFiles } from '../../yaml/writeMap.ts';
import { readImport } from '../readImport.ts';

const whole = `version: 1
establishment: { id: h, name: { fr: Hôpital, en: Hospital }, timeZone: Indian/Reunion, reflexe: ups }
sites: [{ id: main, name: Principal, city: Bonsite }]
wards: [{ id: w1, name: Un, site: main, beds: 12, phone: "0199001234", accessPoints: [pc] }]
suppliers:
  - { id: net, name: Réseau SA, phone: "0199000001" }
  - { id: soft, name: Éditeur, mustRepairWithin: 4h, reliesOn: [net] }
contracts: [{ id: c1, name: Maintenance, supplier: soft, covers: [ehr], clauses: [{ title: Article 1, text: Astreinte }] }]
teams: [{ id: it, name: Informatique, phone: "0199000002" }]
careFunctions:
  - { id: surgery, name: Bloc, tier: 1, weight: 3, signedBy: Dr Ash, signedOn: "2026-03-01", mtpd: 1h, rto: 30m, wards: [w1], needs: { any: [ehr, { atLeast: 1, of: [pc, lis] }] }, degradedMode: { name: Papier, hold: 4h, runsOutFirst: staff, steps: [Prendre le classeur] }, call: { who: Garde, phone: "15" } }
  - { id: biology, name: Biologie, tier: 2, weight: 1, mtpd: 2h, rto: 2h, wards: [w1], partOf: surgery, needs: lis, toConfirm: [weight] }
components:
  - { id: pc, kind: accessPoint, name: Poste }
  - { id: ehr, kind: application, name: DPI, supplier: soft, team: it, needs: [{ need: ups, grace: 12m }, cluster], confirmed: { by: Anne, on: "2026-05-01" }, restore: { source: nas, driver: postgresql, every: 1d, probes: [p] } }
  - { id: lis, kind: application, name: Labo, needs: [{ need: ehr, confirmed: { by: Anne, on: "2026-05-02" } }, "host:rack"], proposed: [{ need: pc, because: câble }], origin: { from: mercator, id: "7" } }
  - { id: "host:rack", kind: hosting, name: Baie chez l’hébergeur }
  - { id: cluster, kind: server, name: Grappe, needs: node, reliability: { failuresPerYear: 0.5, repair: 4h, source: mesuré } }
  - { id: node, kind: server, name: Nœud, needs: cluster, return: 10m }
  - { id: ups, kind: ups, name: Onduleur }
startTogether: [{ id: both, name: Grappe et nœud, members: [cluster, node] }]
`;
const bytes = (text: string) => new TextEncoder().encode(text);
async function told(text: string, isComplete?: boolean) {
  const read = await readImport('yaml', [{ name: 'carte.yaml', bytes: bytes(text) }], { isComplete });
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}
function mapOf(text: string): HospitalMap {
  const { document, problems } = readMapFiles([{ file: 'carte.yaml', bytes: bytes(text) }]);
  if (document === undefined) throw new Error(JSON.stringify(problems));
  return document;
}
const empty = mapOf('establishment: { id: h, name: Hôpital vide }');
const brief = ({ added, changed, removed, conflicts }: Review) => ({
  added: added.map(({ id }) => id),
  changed: changed.flatMap(({ id, fields }) => fields.map(({ field }) => `${id}.${field}`)),
  removed: removed.map(({ id }) => id),
  conflicts: conflicts.map(({ key, because }) => `${key} ${because}`),
});
const nothing = { added: [], changed: [], removed: [], conflicts: [] };
const without = (text: string, part: string) => {
  expect(text).toContain(part);
  return text.replace(part, '');
};
const instead = (text: string, part: string, other: string) => {
  expect(text).toContain(part);
  return text.replace(part, other);
};
const here = mapOf(whole);

describe('a map in its own words', () => {
  it('exported and read into an empty map, in one file or several, is the same map; again, nothing changes', async () => {
    const files = mapYamlFiles(here).map(({ file, text }) => ({ name: file, bytes: bytes(text) }));
    for (const given of [[{ name: 'carte.yaml', bytes: bytes(mapYaml(here)) }], files]) {
      const read = await readImport('yaml', given);
      if (!read.ok) throw new Error(read.refusal.message);
      const found = review(empty, read.value);
      expect(found.map).toEqual(here);
      expect(found.told).toBe(16);
      expect(brief(found)).toMatchObject({ removed: [], conflicts: [], changed: expect.arrayContaining(['h.name']) });
      expect(applied(empty, found.changes)).toEqual({ ok: true, value: here });
      expect(mapYaml(found.map)).toBe(mapYaml(here));
      for (const memory of [found.memory, undefined])
        expect(review(found.map, read.value, { memory })).toMatchObject({ ...nothing, changes: [] });
    }
  });

  it('keeps what is wrong with it by line and column, and brings nothing then', async () => {
    const read = await told(
      'establishment: { id: h, name: H }\ncomponents:\n  - { id: a, kind: server, name: A, needs: b }\n',
    );
    expect(read.problems).toMatchObject([{ file: 'carte.yaml', row: 3, column: 44, code: 'unknown-reference' }]);
    const found = review(here, read);
    expect(found).toMatchObject({
      ...nothing,
      changes: [],
      refused: { code: 'map-invalid', where: 'carte.yaml:3:44' },
    });
    expect(found.map).toBe(here);
  });

  it('is refused where it is the map of another establishment, or of a supplier', async () => {
    const other = await told(instead(whole, 'establishment: { id: h,', 'establishment: { id: g,'));
    expect(review(here, other)).toMatchObject({
      changes: [],
      refused: { code: 'map-other-establishment', where: 'g', expected: 'h' },
    });
    const supplier = await told('supplier: { id: h, name: H }\ncomponents: [{ id: a, kind: server, name: A }]\n');
    expect(review(here, supplier).refused).toMatchObject({ code: 'map-other-establishment', where: 'h (supplier)' });
  });

  it('changes what it says otherwise; what it does not hold stays; what it does not write is asked', async () => {
    const part = await told(
      'establishment: { id: h, name: { fr: Hôpital, en: Hospital }, timeZone: Indian/Reunion, reflexe: ups }\n' +
        'components: [{ id: new, kind: server, name: Nouveau }, { id: ups, kind: generator, name: Onduleur }, { id: pc, kind: accessPoint, name: Poste, site: s }]\n' +
        'sites: [{ id: s, name: Annexe }, { id: main, name: Principal }]\n',
    );
    const found = review(here, part);
    expect(brief(found)).toEqual({
      added: ['s', 'new'],
      changed: ['pc.site', 'ups.kind'],
      removed: [],
      conflicts: ['sites/main/city otherwise'],
    });
    expect(found.map.sites.map(({ id }) => id)).toEqual(['s', 'main']);
    expect(found.map.careFunctions).toEqual(here.careFunctions);
  });

  it('tells what was changed here since apart from what was changed in the file', async () => {
    const { memory } = review(empty, await told(whole));
    const edited = { ...here, teams: here.teams.map((team) => ({ ...team, phone: '0199000009' })) };
    const file = instead(whole, 'city: Bonsite', 'city: Rocheclaire');
    const found = review(edited, await told(file), { memory });
    expect(brief(found)).toEqual({ ...nothing, changed: ['main.city'], conflicts: ['teams/it/phone edited'] });
    const gone = review(here, await told(without(whole, ', city: Bonsite')), { memory });
    expect(brief(gone)).toEqual({ ...nothing, changed: ['main.city'] });
    expect(gone.map.sites[0]).not.toHaveProperty('city');
    const followed = review(edited, await told(file), { memory, chosen: new Set(['teams/it/phone']) });
    expect(followed.map.teams).toEqual(here.teams);
  });

  it('is a person’s word where it confirms or signs as late as the map; else what was confirmed stays until chosen', async () => {
    const links = instead(whole, 'grace: 12m }, cluster]', 'grace: 12m }]');
    expect(brief(review(here, await told(links)))).toMatchObject({
      changed: [],
      conflicts: ['components/ehr/needs confirmed'],
    });
    const late = instead(links, 'by: Anne, on: "2026-05-01"', 'by: Paul, on: "2026-06-01"');
    expect(brief(review(here, await told(late)))).toEqual({ ...nothing, changed: ['ehr.needs', 'ehr.confirmed'] });
    const early = instead(links, 'by: Anne, on: "2026-05-01"', 'by: Paul, on: "2026-04-01"');
    expect(brief(review(here, await told(early))).conflicts).toEqual([
      'components/ehr/needs confirmed',
      'components/ehr/confirmed confirmed',
    ]);
    const tier = instead(whole, 'tier: 1, weight: 3, signedBy: Dr Ash, signedOn: "2026-03-01"', 'tier: 2, weight: 3');
    expect(brief(review(here, await told(tier))).conflicts).toEqual([
      'careFunctions/surgery/tier confirmed',
      'careFunctions/surgery/signedBy confirmed',
      'careFunctions/surgery/signedOn confirmed',
    ]);
    // An older export still proposes what a person has settled since.
    const settled = mapOf(instead(whole, 'weight: 1, mtpd', 'weight: 5, mtpd').replace(', toConfirm: [weight]', ''));
    expect(brief(review(settled, await told(whole)))).toEqual({
      ...nothing,
      conflicts: ['careFunctions/biology/weight confirmed', 'careFunctions/biology/toConfirm confirmed'],
    });
    // A link confirmed since is not proposed again.
    const linked = instead(whole, '"host:rack"], proposed: [{ need: pc, because: câble }]', '"host:rack", pc]');
    expect(brief(review(mapOf(linked), await told(whole)))).toEqual({
      ...nothing,
      changed: ['lis.needs', 'lis.proposed'],
    });
  });

  it('asks before it changes the order of care functions', async () => {
    const [surgery = '', biology = ''] = whole.split('\n').filter((line) => / id: (surgery|biology)/.test(line));
    const other = whole.replace(surgery, '-').replace(biology, surgery).replace('\n-\n', `\n${biology}\n`);
    const key = 'establishment/h/order';
    expect(brief(review(here, await told(other)))).toEqual({ ...nothing, conflicts: [`${key} otherwise`] });
    const found = review(here, await told(other), { chosen: new Set([key]) });
    expect(found.map.careFunctions.map(({ id }) => id)).toEqual(['biology', 'surgery']);
    expect(applied(here, found.changes)).toEqual({ ok: true, value: found.map });
  });

  it('takes off what a whole file does not hold, but not what is confirmed or still named', async () => {
    const less = whole
      .split('\n')
      .filter((line) => !/ id: (lis|biology|both|c1|soft),/.test(line))
      .join('\n')
      .replace(', supplier: soft', '')
      .replace('of: [pc, lis]', 'of: [pc]')
      .replace('needs: cluster, return', 'return');
    const part = review(here, await told(less));
    expect(part.removed).toEqual([]);
    const found = review(here, await told(less, true));
    expect(brief(found)).toMatchObject({
      removed: ['soft', 'c1', 'biology', 'both'],
      conflicts: ['components/lis/removed confirmed'],
    });
    expect(found.map.suppliers.map(({ id }) => id)).toEqual(['net']);
    const gone = review(here, await told(less, true), { chosen: new Set(['components/lis/removed']) });
    expect(gone.map).toEqual(mapOf(less));
    expect(applied(here, gone.changes)).toEqual({ ok: true, value: gone.map });
  });

  it('leaves what a person left, whatever its section, and offers it again', async () => {
    const file = instead(whole, 'city: Bonsite', 'city: Rocheclaire').replace('name: Informatique', 'name: DSI');
    const confirmation = { by: 'Anne', on: '2026-07-01' };
    const choice = { follow: [], leave: ['sites/main'], confirm: [] };
    const before = review(empty, await told(whole)).memory as ImportMemory;
    const { changes, memory } = chosen(here, await told(file), choice, { memory: before, confirmation });
    expect(changes).toMatchObject([{ section: 'teams', id: 'it', to: { name: { fr: 'DSI' } } }]);
    const after = applied(here, changes);
    if (!after.ok) throw new Error(after.refusal.message);
    expect(brief(review(after.value, await told(file), { memory }))).toEqual({ ...nothing, changed: ['main.city'] });
    const gone = { ...choice, leave: ['startTogether/both', 'teams/it'] };
    const less = without(
      without(whole, ', team: it'),
      'teams: [{ id: it, name: Informatique, phone: "0199000002" }]\n',
    );
    expect(chosen(here, await told(less, true), gone, { confirmation }).changes.map(({ id }) => id)).toEqual(['ehr']);
  });
});
