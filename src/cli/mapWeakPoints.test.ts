import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-weak-points-'));
  await writeFile(
    join(folder, 'map.yaml'),
    `establishment: { id: h, name: Hôpital }
sites: [{ id: main, name: Site }]
suppliers: [{ id: host, name: Hébergeur }]
wards: [{ id: w, name: Unité, site: main }]
careFunctions:
  - { id: prescription, name: Prescription, tier: 1, weight: 1, mtpd: 2h, rto: 1h, wards: [w], needs: { any: [a, b] } }
components:
  - { id: ups, kind: ups, name: Onduleur }
  - { id: a, kind: server, name: A, needs: ups, supplier: host }
  - { id: b, kind: server, name: B, needs: ups, supplier: host }
`,
  );
  await writeFile(
    join(folder, 'tree.xml'),
    `<opsa-mef><define-fault-tree name="t"><define-gate name="top"><atleast min="2"><event name="x"/><event name="y"/><event name="z"/></atleast>
    </define-gate></define-fault-tree><model-data>${['x', 'y', 'z']
      .map((name) => `<define-basic-event name="${name}"><float value="0.5"/></define-basic-event>`)
      .join('')}</model-data></opsa-mef>`,
  );
  await writeFile(join(folder, 'broken.xml'), '<opsa-mef>\n<and>');
});
afterAll(() => rm(folder, { recursive: true }));

/** The verb as it is used from outside. */
async function weakPoints(...args: string[]): Promise<{ status: number | null; said: string }> {
  const program = fileURLToPath(new URL('./reflexe.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'map', 'weak-points', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await once(child, 'close');
  return { status: child.exitCode, said };
}

// A process for each: slow on a busy machine.
describe('reflexe map weak-points', { timeout: 60_000 }, () => {
  it('answers of a map: a tree per care function, single points, suppliers', async () => {
    const { status, said } = await weakPoints('--map', folder, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(said)).toMatchObject({
      trees: [
        {
          top: 'prescription',
          minimalCutSets: { total: '2', byOrder: { '1': 1, '2': 1 }, listed: [['ups'], ['a', 'b']] },
          topProbability: null,
          seconds: expect.any(Number),
        },
      ],
      singlePoints: ['ups'],
      suppliers: [{ id: 'host', components: 2, careFunctions: ['prescription'] }],
    });
  });

  it('answers of published trees, truncated to the order asked', async () => {
    const { said } = await weakPoints('--openpsa', join(folder, 'tree.xml'), '--json');
    expect(JSON.parse(said)).toMatchObject({
      trees: [{ top: 'top', minimalCutSets: { total: '3', completeUpTo: null }, topProbability: 0.5 }],
      singlePoints: [],
    });
    const cut = await weakPoints('--openpsa', join(folder, 'tree.xml'), '--order', '1', '--json');
    expect(JSON.parse(cut.said)).toMatchObject({
      trees: [{ minimalCutSets: { total: '0', byOrder: {}, completeUpTo: 1, stopped: false }, topProbability: 0.5 }],
    });
  });

  it('tells people, in their language, what is alone and what hangs on it', async () => {
    const { said } = await weakPoints('--map', folder, '--lang', 'fr');
    expect(said).toContain('Points uniques de défaillance : 1.');
    expect(said).toMatch(/ups +1 : prescription/);
    expect(said).toContain('  a + b\n');
    expect((await weakPoints('--map', folder, '--lang', 'en')).said).toContain('Single points of failure: 1.');
  });

  it('refuses a broken file by its place, and a command line that asks of both or neither', async () => {
    const { status, said } = await weakPoints('--openpsa', join(folder, 'broken.xml'), '--json');
    expect(status).toBe(1);
    expect(JSON.parse(said)).toMatchObject({ error: { code: 'openpsa-unreadable', where: 'broken.xml:2:5' } });
    const neither = await weakPoints('--json');
    expect(neither.status).toBe(2);
    expect(JSON.parse(neither.said)).toMatchObject({ error: { code: 'usage' } });
  });
});
