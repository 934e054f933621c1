import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The verb as it is used from outside. */
async function reflexe(...args: string[]): Promise<{ status: number | null; document: { [field: string]: unknown } }> {
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

describe('reflexe map import', () => {
  it('shows, then applies, then finds nothing more; shows what was edited since; exports the same bytes', async () => {
    const table = join(folder, 'parc.csv');
    const into = join(folder, 'carte');
    const text = 'Application;Dépend de\nDPI;SRV-01\nSRV-01;\n';
    await writeFile(table, text);
    const shown = await reflexe('import', 'csv', table, '--into', into, '--name', 'CH de Bonsite');
    expect(shown).toMatchObject({
      status: 0,
      document: { ok: true, added: 2, changed: 0, removed: 0, conflicts: [], applied: false },
    });
    expect((await reflexe('check', into)).status).toBe(1);
    expect(await reflexe('import', 'csv', table, '--into', into, '--name', 'CH de Bonsite', '--apply')).toMatchObject({
      document: { added: 2, applied: true },
    });
    expect(await reflexe('import', 'csv', table, '--into', into, '--apply')).toMatchObject({
      document: { added: 0, changed: 0, removed: 0, conflicts: [], applied: true, written: [] },
    });
    const components = join(into, 'composants.yaml');
    await writeFile(components, (await readFile(components, 'utf8')).replace('name: DPI', 'name: Dossier patient'));
    const edited = await reflexe('import', 'csv', table, '--into', into, '--apply');
    expect(edited).toMatchObject({
      document: { changed: 0, conflicts: [{ key: 'components/dpi/name', because: 'edited' }] },
    });
    await writeFile(table, text.replace('SRV-01;\n', ''));
    expect(await reflexe('import', 'csv', table, '--into', into, '--complete')).toMatchObject({
      document: { removed: 0, conflicts: [{ field: 'name' }, { key: 'components/srv-01/removed', usedBy: ['dpi'] }] },
    });
    for (const out of ['one.yaml', 'two.yaml']) await reflexe('export', '--map', into, '--out', join(folder, out));
    expect(await readFile(join(folder, 'one.yaml'), 'utf8')).toBe(await readFile(join(folder, 'two.yaml'), 'utf8'));
    expect(await reflexe('impact', '--map', into, '--down', 'srv-01')).toMatchObject({
      document: {
        components: [
          { id: 'dpi', state: 'down' },
          { id: 'srv-01', state: 'down' },
        ],
      },
    });
  });

  it('takes a map in YAML, plans beside it left where they are, into nothing and into a map', async () => {
    const example = fileURLToPath(new URL('../../examples/groupe-exemple', import.meta.url));
    const into = join(folder, 'copie');
    expect(await reflexe('import', 'yaml', example, '--into', into, '--apply')).toMatchObject({
      status: 0,
      document: { ok: true, changed: 0, removed: 0, conflicts: [], problems: [], applied: true },
    });
    for (const [map, out] of [
      [example, 'from.yaml'],
      [into, 'to.yaml'],
    ] as const)
      await reflexe('export', '--map', map, '--out', join(folder, out));
    const text = await readFile(join(folder, 'from.yaml'), 'utf8');
    expect(await readFile(join(folder, 'to.yaml'), 'utf8')).toBe(text);
    expect(await reflexe('import', 'yaml', example, '--into', into, '--apply')).toMatchObject({
      document: { added: 0, changed: 0, removed: 0, conflicts: [], applied: true, written: [] },
    });
    const edited = join(folder, 'edited.yaml');
    await writeFile(edited, text.replace('timeZone: Europe/Paris', 'timeZone: Indian/Reunion'));
    expect(await reflexe('import', 'yaml', edited, '--into', into, '--apply')).toMatchObject({
      document: { things: { changed: [{ section: 'establishment', fields: [{ field: 'timeZone' }] }] }, applied: true },
    });
    expect(await readFile(join(into, 'etablissement.yaml'), 'utf8')).toContain('timeZone: Indian/Reunion');
    await writeFile(edited, 'establishment: { id: ailleurs, name: Ailleurs }\n');
    expect(await reflexe('import', 'yaml', edited, '--into', into, '--apply')).toMatchObject({
      status: 1,
      document: { error: { code: 'map-other-establishment', where: 'ailleurs' } },
    });
  });

  it('refuses what it cannot read, and a kind that it does not know', async () => {
    const noise = join(folder, 'noise.csv');
    await writeFile(noise, new Uint8Array(1000));
    expect(await reflexe('import', 'csv', noise, '--into', folder)).toMatchObject({
      status: 1,
      document: { error: { code: 'import-unreadable', where: noise } },
    });
    expect(await reflexe('import', 'excel', noise, '--into', folder)).toMatchObject({ status: 2 });
  });
});
