import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryCleanRoom } from '../../adapters/cleanRoom/memory.ts';
import { type TemporaryFolder, temporaryFolder } from '../../adapters/fixtures/service.ts';
import { sealerOfThisLife } from '../../adapters/keys/masterSealer.ts';
import { WrittenRepository } from '../../adapters/restic/fixtures/writtenRepository.ts';
import { exportMap } from '../../adapters/yaml/saveMap.ts';
import { accept } from '../../journal/result.ts';
import { exampleMap } from '../../restore/example.ts';
import { Establishment } from '../establishment.ts';
import type { HospitalCommand, HospitalState } from '../hospital.ts';
import { type Canary, files, found } from './search.ts';

const planted = 'REFLEXE-PLANTED-SIGN';
const patient = 'DURAND-Zéphyrine-canari-5e1c';
const canaries: Canary[] = [{ name: 'name of a file', value: patient }];
const nights = ['2026-01-03T0200', '2026-01-04T0200'];

let place: TemporaryFolder;
let data: string;
let opened: Establishment | undefined;
let troubles: unknown[];
beforeEach(async () => {
  place = await temporaryFolder();
  data = join(place.path, 'data');
  troubles = [];
});
afterEach(async () => {
  await opened?.close();
  await place[Symbol.asyncDispose]();
});

const at = (...names: string[]) => join(place.path, ...names);
const inClear = () => [...found(data, canaries), ...files(data).filter((file) => file.normalize().includes(patient))];

/** Two nights of two components: one whose nights have to be restored to be looked through, one that is read in place. */
async function hospital(): Promise<Establishment> {
  for (const [index, night] of nights.entries()) {
    mkdirSync(at('nights', night), { recursive: true });
    writeFileSync(at('nights', night, `${patient}.txt`), `compte rendu ${night}\n`.repeat(200));
    if (index === 1) writeFileSync(at('nights', night, `${patient}.exe`), planted);
  }
  const repository = new WrittenRepository(at('repository'), 'pw');
  for (const [index, night] of nights.entries()) {
    const report = repository.file(`${patient}.txt`, `compte rendu du DPI ${night}\n`.repeat(200));
    const tool = repository.file(`${patient}.exe`, planted);
    const time = `${night.slice(0, 10)}T02:00:00Z`;
    repository.snapshot(repository.tree(index === 1 ? [tool, report] : [report]), { time });
  }
  repository.endPack();
  repository.writeIndex();
  const configuration = at('configuration');
  mkdirSync(configuration);
  const components = exampleMap.components.map(({ restore, ...one }) =>
    restore === undefined || one.id === 'pacs' ? one : { ...one, restore: { ...restore, probes: [] } },
  );
  const exported = await exportMap({ ...exampleMap, components }, join(configuration, 'map'));
  if (!exported.ok) throw new Error(exported.refusal.message);
  writeFileSync(at('planted.yar'), `rule planted { strings: $a = "${planted}" condition: $a }`);
  writeFileSync(
    join(configuration, 'restore.yaml'),
    JSON.stringify({
      sources: {
        'nights-db': { kind: 'files', folder: at('nights') },
        'nights-ehr': { kind: 'restic', repository: at('repository'), password: 'backups' },
      },
      services: ['db', 'ehr'].map((component) => ({ component, program: 'memory', listens: [4000] })),
      rules: [at('planted.yar')],
    }),
  );
  const establishment = await Establishment.open({
    ...{ id: 'live', kind: 'live', folder: data, configuration },
    secrets: { read: async () => accept('pw') },
    sealer: sealerOfThisLife(),
    columns: sealerOfThisLife(),
    cleanRoom: memoryCleanRoom({ now: () => '2026-01-05T02:00:00.000Z' }).client(),
    onTrouble: (what, error) => troubles.push([what, error]),
  });
  if (!establishment.ok) throw new Error(JSON.stringify(establishment.refusal));
  return establishment.value;
}

describe('a name of a file of the backups', () => {
  it('lies nowhere in clear once they were looked through, proved, and a file taken out', async () => {
    opened = await hospital();
    const { world, backups } = opened;
    const submit = async (command: HospitalCommand) => {
      const answer = await world.journal.queue.submit(command, { actor: 'person:test' });
      if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    };
    const until = (holds: (state: HospitalState) => boolean) => world.until(holds, AbortSignal.timeout(100_000));
    await until(({ restore }) => Object.keys(restore.proofs.means).length === 2);

    await submit({ type: 'AskProof', components: ['db', 'ehr'] });
    const proved = await until(
      ({ restore: { proofs } }) => proofs.lastEnded !== null && Object.keys(proofs.proofs).length === 0,
    );
    // Restored, and asked nothing: there are no probes here.
    expect(proved.restore.proofs.components.db?.last).toMatchObject({ step: 'verify', snapshot: nights[0] });
    expect(inClear()).toEqual([]);

    await submit({ type: 'AskJudging', components: ['db', 'ehr'], because: 'person' });
    const { restore } = await until((state) => state.restore.nights.components.ehr?.judged != null);
    const verdictsOf = (component: string) =>
      restore.nights.components[component]?.nights.map(({ verdict }) => verdict);
    expect(verdictsOf('db')).toEqual(['clean', 'dirty']);
    expect(verdictsOf('ehr')).toEqual(['clean', 'dirty']);

    const asked = { component: 'db', snapshot: nights[1] ?? '', path: `${patient}.txt` };
    const fetched = await backups?.fetch(asked, 'person:test', AbortSignal.timeout(60_000));
    if (fetched?.ok !== true) throw new Error('not fetched');
    expect(fetched.value.name).toBe(`${patient}.txt`);
    expect(await text(fetched.value.content)).toContain('compte rendu');
    expect(inClear()).toEqual([]);
    expect(files(data)).toEqual(expect.arrayContaining([expect.stringMatching(/^verdicts\/.*\.verdicts$/)]));

    await opened.close();
    opened = undefined;
    expect(inClear()).toEqual([]);
    writeFileSync(join(data, 'control'), JSON.stringify({ findings: [{ path: `/srv/${patient}.exe` }] }));
    expect(inClear()).toContain('control: name of a file (raw)');
    expect(JSON.stringify(troubles)).not.toContain(patient);
  }, 180_000);
});
