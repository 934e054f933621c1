import { stringify } from 'yaml';
import { compile } from '../../map/compile.ts';
import { impact } from '../../map/impact.ts';
import { HospitalMap } from '../../map/model.ts';
import { readMapFiles } from './mapFiles.ts';

const whole = `establishment: { id: h, name: { fr: Hôpital } }
sites: [{ id: main, name: Principal }]
wards: [{ id: w1, name: Un, site: main, phone: 0199001234, accessPoints: [pc] }]
careFunctions:
  - { id: care, name: Soin, tier: 1, weight: 2, mtpd: 2h, rto: 45m, wards: [w1], needs: { any: [ehr, lis] } }
components:
  - { id: pc, kind: accessPoint, name: Poste }
  - { id: ehr, kind: application, name: DPI, needs: { need: ups, grace: 12m } }
  - { id: lis, kind: application, name: Labo, needs: &both { atLeast: 2, of: [ups, pc] } }
  - { id: ups, kind: ups, name: Onduleur }
  - { id: ris, kind: application, name: Radio, needs: *both }
`;

/**
 * Whatever the bytes: no exception, problems placed in the file, and a map that is accepted is one that holds together:
 * it compiles, answers a what-if, and reads back the same from its own YAML.
 */
export const fuzz: { name: string; seeds(): Uint8Array[]; run(input: Uint8Array): void } = {
  name: 'map in YAML',
  seeds: () => [
    new TextEncoder().encode(whole),
    new TextEncoder().encode(whole.replace('needs: *both', 'needs: [care, { all: [{ any: [ehr] }] }]')),
    new TextEncoder().encode('a: &a [*a, *a]\nsites: *a\n'),
  ],
  run(input) {
    const { document, problems } = readMapFiles([{ file: 'input.yaml', bytes: input }]);
    const isRefused = problems.some(({ severity }) => severity === 'error');
    if (isRefused === (document !== undefined))
      throw new Error('a map is kept when it has an error, or lost when it has none');
    if (problems.some(({ line, column }) => !(line >= 1 && column >= 1))) throw new Error('a problem has no place');
    if (document === undefined) return;
    HospitalMap.parse(document);
    const map = compile(document);
    const all = impact(map, new Map(map.order.map((id) => [id, 'down'])), { missing: 'up' });
    if (all.size !== document.components.length + document.careFunctions.length)
      throw new Error('something has no impact');
    const again = readMapFiles([{ file: 'again.yaml', bytes: new TextEncoder().encode(stringify(document)) }]);
    if (JSON.stringify(again.document) !== JSON.stringify(document)) throw new Error('reads back as another map');
  },
};
