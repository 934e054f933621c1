import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMap } from './mapCheck.ts';
import { mapImpact } from './mapImpact.ts';
import { type MapReturns, mapReturns } from './mapReturns.ts';

const example = fileURLToPath(new URL('../../examples/groupe-exemple', import.meta.url));
let folder = '';
let map = '';
/** A Saturday, 11:00 in Paris. */
const at = Date.parse('2024-08-03T09:00:00Z');
const text = `establishment: { id: h, name: Hôpital }
sites: [{ id: main, name: Site }]
wards: [{ id: w, name: Unité, site: main }]
careFunctions:
  - { id: prescription, name: Prescription, tier: 1, weight: 1, mtpd: 2h, rto: 1h, wards: [w], needs: ehr }
components:
  - { id: ups-a, kind: ups, name: A }
  - { id: ups-b, kind: ups, name: B }
  - { id: server, kind: server, name: S, needs: { any: [{ need: ups-a, grace: 12m }, { need: ups-b, grace: 10m }] } }
  - { id: ehr, kind: application, name: DPI, needs: server }
`;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-cli-map-'));
  map = join(folder, 'map.yaml');
  await writeFile(map, text);
});
afterAll(() => rm(folder, { recursive: true }));

/** The verb as it is used from outside. */
async function reflexe(...args: string[]): Promise<{ status: number | null; document: unknown }> {
  const program = fileURLToPath(new URL('./reflexe.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'map', ...args, '--json', '--lang', 'en'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  return { status: child.exitCode, document: JSON.parse(said) };
}

// A process for each: slow on a busy machine.
describe('reflexe map check', { timeout: 30_000 }, () => {
  it('finds nothing wrong with the example group', async () => {
    expect(await reflexe('check', example)).toMatchObject({ status: 0, document: { ok: true, problems: [] } });
  });

  it('answers a negative verdict whole, and refuses only where there is nothing to read', async () => {
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, text.replace('needs: server }', 'needs: serveur }'));
    expect(await reflexe('check', broken)).toEqual({
      status: 1,
      document: {
        ok: false,
        careFunctions: 1,
        components: 4,
        problems: [
          {
            file: broken,
            line: 10,
            column: 53,
            code: 'unknown-reference',
            severity: 'error',
            message: '`ehr` names component `serveur`, which is not on the map; did you mean `server`?',
          },
        ],
      },
    });
    expect(await checkMap(join(folder, 'nothing'))).toMatchObject({
      ok: false,
      refusal: { code: 'map-unreadable', where: join(folder, 'nothing') },
    });
  });
});

describe('reflexe map impact', { timeout: 30_000 }, () => {
  it('says what is lost, when, and because of what', async () => {
    const { status, document } = await reflexe('impact', '--map', map, '--down', 'ups-a,h:ups-b');
    expect(status).toBe(0);
    expect(document).toMatchObject({
      afterSeconds: null,
      careFunctions: [
        {
          id: 'prescription',
          state: 'lost',
          lostAfterSeconds: 720,
          because: ['ups-a', 'ups-b'],
          unless: [['ups-a'], ['ups-b']],
          // Nothing on this map has a time to return in.
          back: { low: 720, high: null },
        },
      ],
      careGap: { byTier: { '1': { low: 0, high: 1428 } }, unknownMinutes: 0 },
      components: [
        { id: 'ups-a', state: 'down', lostAfterSeconds: 0 },
        { id: 'ups-b', state: 'down' },
        { id: 'server', state: 'down', lostAfterSeconds: 720 },
        { id: 'ehr', state: 'down' },
      ],
    });
  });

  it('looks at the instant asked, graces included', async () => {
    const both = ['ups-a', 'ups-b'];
    expect(await mapImpact(map, both, { at, afterSeconds: 660 })).toMatchObject({
      value: { afterSeconds: 660, careFunctions: [{ state: 'served', lostAfterSeconds: 720 }] },
    });
    expect(await reflexe('impact', '--map', map, '--down', 'ups-a', '--down', 'ups-b', '--after', '12m')).toMatchObject(
      {
        document: { careFunctions: [{ state: 'lost' }] },
      },
    );
    const one = await mapImpact(map, ['ups-b'], { at });
    expect(one).toMatchObject({
      value: { careFunctions: [{ state: 'served', redundancyLost: true, lostAfterSeconds: null, because: [] }] },
    });
  });

  it('refuses an unknown component, a care function, a broken map, a duration without its unit', async () => {
    expect(await mapImpact(map, ['upsa'], { at })).toMatchObject({
      refusal: { code: 'component-unknown', cure: 'Did you mean ups-a?' },
    });
    expect(await mapImpact(map, ['prescription'], { at })).toMatchObject({ refusal: { code: 'component-unknown' } });
    expect(await mapImpact(join(folder, 'nothing'), ['x'], { at })).toMatchObject({
      refusal: { code: 'map-unreadable' },
    });
    expect(await reflexe('impact', '--map', map, '--down', 'ups-a', '--after', '15')).toMatchObject({
      status: 2,
      document: { error: { code: 'usage' } },
    });
  });
});

describe('reflexe map returns', { timeout: 30_000 }, () => {
  it('says which promises of the example group nothing bears out, worst first, and by which way', async () => {
    const { status, document } = await reflexe('returns', '--map', example);
    expect(status).toBe(0);
    const { careFunctions, contradictions } = document as MapReturns;
    expect(
      contradictions.filter(({ tier }) => tier === 1).map(({ kind, careFunction }) => `${kind} ${careFunction}`),
    ).toEqual([
      'return urgences',
      'return prescription',
      'return laboratoire',
      'return identite',
      'return bloc-operatoire',
      'return reanimation',
      'return maternite-naissance',
      'dataLoss identite',
      'dataLoss urgences',
      'dataLoss prescription',
      'dataLoss laboratoire',
    ]);
    expect(
      contradictions.find(({ kind, careFunction }) => kind === 'return' && careFunction === 'urgences'),
    ).toMatchObject({
      limit: 'rto',
      limitSeconds: 2700,
      beyondMtpd: true,
      longest: { component: 'dpi-base', time: { seconds: 10_800, basis: { kind: 'declared' } } },
    });
    expect(careFunctions.find(({ careFunction }) => careFunction === 'reanimation')).toMatchObject({
      declared: { seconds: null, unknown: ['dossier-reanimation'], unknownCount: 1 },
      measured: null,
    });
  });

  it('joins the maps of a region', async () => {
    const region = join(folder, 'region');
    await mkdir(region);
    await writeFile(join(region, 'region.yaml'), 'establishment: { id: idf, name: Île-de-France }\n');
    for (const id of ['gh1', 'gh2']) await writeFile(join(region, `${id}.yaml`), text.replace('id: h,', `id: ${id},`));
    const found = await mapReturns(region, at);
    expect(found.ok && found.value.careFunctions.map(({ careFunction }) => careFunction).toSorted()).toEqual([
      'gh1:prescription',
      'gh2:prescription',
    ]);
  });

  it('refuses what is no map', async () => {
    expect(await mapReturns(join(folder, 'nothing'), 0)).toMatchObject({ refusal: { code: 'map-unreadable' } });
    expect(await mapReturns(join(folder, 'broken.yaml'), 0)).toMatchObject({ refusal: { code: 'map-invalid' } });
  });
});
