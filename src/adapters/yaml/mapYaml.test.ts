import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapProblems } from '../../map/document/check.ts';
import { withShortReferences } from '../../map/document/reference.ts';
import { HospitalMap, type Need } from '../../map/model.ts';
import { readMapFiles } from './mapFiles.ts';
import { mapYaml } from './mapYaml.ts';

const read = (text: string) => readMapFiles([{ file: 'map.yaml', bytes: new TextEncoder().encode(text) }]);

/** Texts that YAML would take for something else, and any other. */
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((one) => one.isWellFormed()),
  fc.constantFrom(
    'null',
    '~',
    'yes',
    '08:00',
    '0199001234',
    '1e3',
    '- a',
    '# b',
    'é « ü »',
    ' a',
    'a\nb',
    '{x}',
    "'",
    '"',
    '1h',
    '!',
    '&a',
  ),
);
const words = fc.oneof(
  text.map((fr) => ({ fr })),
  fc.record({ fr: text, en: text }),
);
const seconds = fc.oneof(fc.nat(10 * 86_400), fc.constantFrom(0, 60, 3600, 86_400, 400 * 86_400), fc.nat(2 ** 40));
const some = <Fields extends { [field: string]: fc.Arbitrary<unknown> }>(fields: Fields) =>
  fc.record(fields, { requiredKeys: [] });
const confirmed = fc.record({ by: text, on: fc.constantFrom('2026-01-20', '2024-02-29') });
const ids = ['null', '12', '1e3', 'a.b-c', 'true', 'x', 'sup:host'];
const need: fc.Arbitrary<Need> = fc.letrec<{ need: Need }>((tie) => ({
  need: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(fc.constantFrom(...ids), some({ graceSeconds: seconds, confirmed }))
      .map(([need, more]): Need => ({ need, ...more })),
    fc.array(tie('need'), { minLength: 1, maxLength: 3 }).map((all): Need => ({ all })),
    fc.array(tie('need'), { minLength: 1, maxLength: 3 }).map((any): Need => ({ any })),
    fc.array(tie('need'), { minLength: 1, maxLength: 3 }).map((of): Need => ({ atLeast: of.length, of })),
  ),
})).need;
const date = fc.constantFrom('2024-01-01', '2025-12-31');
const delays = { mustAnswerWithinSeconds: seconds, mustRepairWithinSeconds: seconds };
const links = {
  needs: need,
  proposed: fc.array(
    fc
      .tuple(fc.constantFrom(...ids), text, some({ graceSeconds: seconds }))
      .map(([need, because, more]) => ({ need, because, ...more })),
  ),
};
const component = fc
  .tuple(
    words,
    some({
      site: fc.constant('s'),
      supplier: fc.constant('h'),
      team: fc.constant('t'),
      ...links,
      restore: fc
        .tuple(
          text,
          some({ declaredSeconds: seconds.map((n) => n + 1), everySeconds: seconds.map((n) => n + 1) }),
          fc.array(text, { maxLength: 2 }),
        )
        .map(([source, more, probes]) => ({ source, driver: 'files', probes, ...more })),
      returnSeconds: seconds.map((n) => n + 1),
      reliability: fc.record({
        failuresPerYear: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        repairSeconds: fc.double({ min: 0.1, max: 1e9, noNaN: true }),
        source: text,
      }),
      confirmed,
      origin: fc.record({ from: text, id: text }),
    }),
  )
  .map(([name, more]) => ({ kind: 'server', name, ...more }));
const care = fc
  .tuple(
    words,
    seconds,
    some({
      rpoSeconds: seconds,
      signedBy: text,
      signedOn: date,
      ...links,
      call: fc.record({ who: text, phone: text }),
      toConfirm: fc.array(text),
      confirmed,
    }),
    fc.option(
      fc.record({
        name: words,
        holdSeconds: seconds,
        runsOutFirst: fc.constant('forms'),
        steps: fc.array(words, { maxLength: 2 }),
      }),
      { nil: undefined },
    ),
  )
  .map(([name, n, more, degradedMode]) => ({
    name,
    tier: 1,
    weight: 0.5,
    calendar: n % 2 === 0 ? 'always' : { days: ['mon'], from: '08:00', to: '18:00' },
    mtpdSeconds: n,
    rtoSeconds: n + 1,
    wards: ['w', '12'],
    ...more,
    ...(degradedMode === undefined ? {} : { degradedMode }),
  }));

/** Any valid map, whose references lead somewhere. */
const anyMap = fc
  .record({
    name: words,
    isSupplier: fc.boolean(),
    beds: fc.nat(),
    supplier: some({
      contact: text,
      phone: text,
      phoneAtNight: text,
      email: text,
      ...delays,
      reliesOn: fc.constant(['12']),
    }),
    contract: some({ number: text, from: date, hours: text, ...delays }),
    clauses: fc.array(fc.record({ title: words, text: words }), { maxLength: 2 }),
    team: some({ phone: text, onCall: text }),
    position: fc.option(fc.tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.integer()), { nil: undefined }),
    components: fc.array(component, { maxLength: 3 }),
    cares: fc.array(care, { maxLength: 2 }),
    together: fc.boolean(),
  })
  .map((any) =>
    HospitalMap.parse({
      version: 1,
      establishment: {
        id: 'e',
        name: any.name,
        timeZone: 'Europe/Paris',
        ...(any.isSupplier ? { kind: 'supplier' } : {}),
      },
      sites: [{ id: 's', name: any.name, ...(any.position === undefined ? {} : { position: any.position }) }],
      wards: ['w', '12'].map((id) => ({ id, name: any.name, site: 's', beds: any.beds, accessPoints: ['12'] })),
      suppliers: [
        { id: 'h', name: any.name.fr, ...any.supplier },
        { id: '12', name: 'x' },
      ],
      contracts: [{ id: 'c', name: any.name, supplier: 'h', covers: ['null'], clauses: any.clauses, ...any.contract }],
      teams: [{ id: 't', name: any.name, ...any.team }],
      components: [
        ...any.components.map((one, i) => ({ id: `c${i}`, ...one })),
        ...ids.map((id) => ({ id, kind: 'server', name: { fr: id } })),
      ],
      careFunctions: any.isSupplier ? [] : any.cares.map((one, i) => ({ id: `f${i}`, ...one })),
      startTogether: any.together ? [{ id: 'g', name: any.name, members: ['12', 'true'] }] : [],
    }),
  );

describe('a map written as YAML', () => {
  it('reads back as itself, and is the same bytes whenever it is written', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const errors = mapProblems(map).filter(({ severity }) => severity === 'error');
        expect(errors).toEqual([]);
        const text = mapYaml(map);
        const { document, problems } = read(text);
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(JSON.parse(JSON.stringify(document))).toEqual(JSON.parse(JSON.stringify(withShortReferences(map))));
        expect(document === undefined ? '' : mapYaml(document)).toBe(text);
      }),
    );
  });
});
