import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readMapFiles } from './mapFiles.ts';
import { fileBytesMax } from './source.ts';

const read = (...texts: string[]) =>
  readMapFiles(texts.map((text, i) => ({ file: `${'abcdef'[i]}.yaml`, bytes: new TextEncoder().encode(text) })));
const brief = (...texts: string[]) =>
  read(...texts).problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);

const head = `establishment: { id: h, name: { fr: Hôpital, en: Hospital } }
sites:
  - { id: main, name: Principal }
wards:
  - { id: w1, name: Un, site: main, phone: 0199001234 }
`;
const care = `careFunctions:
  - id: prescription
    name: Prescription
    tier: 1
    weight: 2
    mtpd: 1h30m
    rto: 45m
    wards: [w1]
    needs: { any: [ehr, { all: [lis, h:ehr] }] }
    degradedMode:
      name: Papier
      hold: 8h
      runsOutFirst: forms
      steps: [Imprimer, { fr: Écrire, en: Write }]
`;
const components = `components:
  - { id: ups, kind: ups, name: Onduleur }
  - { id: ehr, kind: application, name: DPI, needs: { need: ups, grace: 12m } }
  - id: lis
    kind: application
    name: Labo
    needs:
      atLeast: 1
      of: [ups, ehr]
`;

describe('a map in YAML', () => {
  it('is read as people write it: durations, texts, needs, references', () => {
    const { document, problems } = read(head + care, components);
    expect(problems).toEqual([]);
    expect(document?.careFunctions[0]).toMatchObject({
      name: { fr: 'Prescription' },
      calendar: 'always',
      mtpdSeconds: 5400,
      rtoSeconds: 2700,
      needs: { any: [{ need: 'ehr' }, { all: [{ need: 'lis' }, { need: 'ehr' }] }] },
      degradedMode: { holdSeconds: 28_800, steps: [{ fr: 'Imprimer' }, { fr: 'Écrire', en: 'Write' }] },
    });
    expect(document?.wards[0]).toMatchObject({ phone: '0199001234', accessPoints: [] });
    expect(document?.components.map(({ needs }) => needs)).toEqual([
      undefined,
      { need: 'ups', graceSeconds: 720 },
      { atLeast: 1, of: [{ need: 'ups' }, { need: 'ehr' }] },
    ]);
    expect(document?.establishment.timeZone).toBe('Europe/Paris');
  });

  it('is read as people write links that were confirmed or are proposed, and the map of a supplier', () => {
    const hosted = `supplier: { id: host, name: Hébergeur }
components:
  - { id: ups, kind: ups, name: A, reliability: { failuresPerYear: 0.5, repair: 4h, source: maker } }
  - id: hall
    kind: hosting
    name: Salle
    return: 45m
    needs: [{ need: ups, grace: 12m, confirmed: { by: Exploitation, on: 2026-01-20 } }]
    proposed: [{ need: host:ups, because: câble 12 }]
`;
    const { document, problems } = read(hosted);
    expect(problems.map(({ code }) => code)).toEqual([]);
    expect(document?.establishment).toMatchObject({ id: 'host', name: { fr: 'Hébergeur' }, kind: 'supplier' });
    expect(document?.components).toMatchObject([
      { reliability: { repairSeconds: 14_400 } },
      {
        returnSeconds: 2700,
        needs: { all: [{ need: 'ups', graceSeconds: 720, confirmed: { by: 'Exploitation', on: '2026-01-20' } }] },
        proposed: [{ need: 'ups', because: 'câble 12' }],
      },
    ]);
    expect(brief(hosted.replace('on: 2026-01-20', 'on: hier'))).toEqual(['a.yaml:8:49 bad-confirmation']);
    expect(brief(`${hosted}establishment: { id: h, name: H }\n`)).toContain('a.yaml:10:1 duplicate-field');
  });

  it('tells every problem of every file at once, each at its line and column, with the nearest name', () => {
    const broken = `careFunctions:
  - id: Prescription
    name: Prescription
    teir: 1
    weight: -1
    mtpd: 90
    wards: []
    needs: [ehrr, { any: [] }]
  - id: labo
    name: Labo
    tier: 4
    weight: 1
    mtpd: 1h
    rto: 2h
    wards: [w2]
    needs: ehrr
`;
    const { problems, document, components: count } = read(head + broken, components);
    expect(document).toBeUndefined();
    expect(count).toBe(3);
    expect(problems.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)).toEqual([
      '7:5 missing-field `Prescription`: `tier` is missing; expected 1, 2 or 3 (1 is the most vital)',
      '7:5 missing-field `Prescription`: `rto` is missing; expected a duration such as 90s, 12m, 8h or 1d',
      '7:9 bad-value `Prescription`: `id` should be a short name in lower case: letters, digits, dashes and dots; found `Prescription`',
      '9:11 unknown-field `Prescription`: unknown field `teir`; did you mean `tier`?',
      '10:13 bad-value `Prescription`: `weight` should be a number above 0; found `-1`',
      '11:11 bad-duration `mtpd` should be such as 90s, 12m, 8h or 1d; found `90`',
      '12:12 bad-value `Prescription`: `wards` should be a list of at least one ward; found an empty list',
      expect.stringMatching(/^13:26 bad-need expected the id of a component.*found an empty list$/),
      '16:11 bad-value `labo`: `tier` should be 1, 2 or 3 (1 is the most vital); found `4`',
    ]);
  });

  it('checks what is whole although something else is broken, and does not blame what names the broken', () => {
    const half = components.replace('kind: ups', 'kind: upss').replace('of: [ups, ehr]', 'of: [ups, ehrr]');
    expect(brief(head + care, half)).toEqual(['b.yaml:2:22 bad-value', 'b.yaml:9:17 unknown-reference']);
  });

  it('shows needs that contain themselves, contradictions, and doubles where they are written', () => {
    const ring = components.replace('name: Onduleur', 'name: Onduleur, needs: lis').replace('atLeast: 1', 'atLeast: 3');
    const late = care.replace('rto: 45m', 'rto: 2h').replace('id: prescription', 'id: ehr');
    const { problems } = read(head + late, ring);
    expect(problems.map(({ file, line, code, severity }) => `${file}:${line} ${code} ${severity}`)).toEqual([
      'a.yaml:7 duplicate-id error',
      'a.yaml:12 rto-beyond-mtpd warning',
      'b.yaml:2 needs-itself error',
      'b.yaml:8 at-least-too-many error',
    ]);
    expect(problems[2]?.message).toContain('`ups` needs `lis` needs `ups`:');
  });

  it('says where the YAML itself is wrong, and what it says twice', () => {
    expect(brief(head + care, 'components:\n  - { id: ups, kind: ups, name: "Onduleur }\n')).toContain(
      'b.yaml:3:1 yaml-syntax',
    );
    expect(brief(head + care, components, head)).toContain('c.yaml:1:1 duplicate-field');
    expect(brief(head + care, `${components}    name: Encore\n`)).toEqual(['b.yaml:10:5 duplicate-field']);
    expect(brief('components: {}\n')).toEqual(['a.yaml:1:1 missing-field', 'a.yaml:1:13 bad-value']);
    expect(brief('sitess: []\nversion: 2\nestablishment: {}\n')).toEqual([
      'a.yaml:1:1 unknown-field',
      'a.yaml:2:10 bad-value',
      'a.yaml:3:16 missing-field',
      'a.yaml:3:16 missing-field',
    ]);
    expect(brief('')).toEqual(['a.yaml:1:1 empty-file', 'a.yaml:1:1 missing-field']);
    expect(brief('- a\n')).toContain('a.yaml:1:1 bad-value');
  });

  it('takes anchors and aliases, but neither bombs nor what contains itself', () => {
    const shared = components.replace('of: [ups, ehr]', 'of: &both [ups, ehr]');
    expect(
      read(head + care, `${shared}  - { id: x, kind: server, name: X, needs: *both }\n`).document?.components[3]?.needs,
    ).toEqual({
      all: [{ need: 'ups' }, { need: 'ehr' }],
    });
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i += 1)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const bombed = bomb.join('\n').replaceAll(/^a\d+:/gm, '- steps:');
    expect(brief(`sites:\n${bombed.replaceAll(/^/gm, '  ')}\n`)).toContainEqual(
      expect.stringContaining('yaml-too-large'),
    );
    expect(brief(`sites: &s\n  - { id: a, name: *s }\n`)).toContain('a.yaml:2:20 yaml-alias');
    expect(brief(`sites:\n  - { id: a, name: *nothing }\n`)).toContainEqual(
      expect.stringMatching(/yaml-alias|yaml-syntax/),
    );
    expect(brief(`sites: ${'['.repeat(100)}${']'.repeat(100)}\n`)).toContainEqual(
      expect.stringContaining('yaml-too-deep'),
    );
  });

  it('refuses what is no text, too large, or nested without end, at once', () => {
    const one = (bytes: Uint8Array) => readMapFiles([{ file: 'a.yaml', bytes }]).problems.map(({ code }) => code);
    expect(one(new Uint8Array([0xff, 0xfe, 0x00]))).toEqual(['not-text']);
    expect(one(new Uint8Array(100))).toEqual(['not-text']);
    expect(one(new Uint8Array(fileBytesMax + 1))).toEqual(['file-too-large']);
    expect(one(new TextEncoder().encode('['.repeat(200_000)))).toContain('yaml-syntax');
  });

  it('reads any map it has written itself, whole and the same', () => {
    const { document } = read(head + care, components);
    const { document: again, problems } = read(stringify(document));
    expect(problems).toEqual([]);
    expect(again).toEqual(document);
  });

  it('never throws, and places every problem inside the file', () => {
    const whole = head + care + components;
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(whole.length),
            fc.nat(5),
            fc.constantFrom('', ':', '{', ']', '- ', '\t', '&a ', '*a', '\n', '"', 'é', '9'),
          ),
        ),
        (edits) => {
          let text = whole;
          for (const [at, cut, add] of edits) text = text.slice(0, at) + add + text.slice(at + cut);
          const lines = text.split('\n');
          const { problems, document } = read(text);
          expect(document === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
          for (const { line, column } of problems) {
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
