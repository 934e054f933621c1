import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardView, careGap } from './board.ts';
import type { Band, BoardView, CareFacts, Forecast, WardState } from './care.ts';
import { compile } from './compile.ts';
import { noFacts } from './facts.ts';
import { smallMap } from './fixture.ts';
import { type ComponentState, componentStates, type HospitalMap } from './model.ts';

/** Minutes after a Monday, 08:00 in Paris. */
const start = Date.parse('2024-09-02T06:00:00Z');
const ms = (minute: number) => start + minute * 60_000;
const at = (minute: number) => new Date(ms(minute)).toISOString();

const mode = { name: { fr: 'Papier' }, holdSeconds: 4 * 3600, runsOutFirst: 'forms' as const, steps: [] };
const wards: HospitalMap['wards'] = [
  { id: 'w1', name: { fr: 'Un' }, site: 'main', beds: 10, accessPoints: ['pc1'] },
  { id: 'w2', name: { fr: 'Deux' }, site: 'main', beds: 20, accessPoints: [] },
];
const hospital = (
  careFunctions: Parameters<typeof smallMap>[1] = { care: { needs: { need: 'app' }, degradedMode: mode } },
) =>
  compile(smallMap({ ups: null, app: { need: 'ups', graceSeconds: 600 }, pc1: null, lab: null }, careFunctions, wards));

const saw = (component: string, minute: number, to: ComponentState, code = '') => ({
  component,
  at: at(minute),
  to,
  code,
});
const up = [saw('ups', -60, 'up'), saw('app', -60, 'up'), saw('pc1', -60, 'up'), saw('lab', -60, 'up')];
const held = (ward: string, from: number, until: number, more: Partial<CareFacts['holds'][number]> = {}) => ({
  careFunction: 'care',
  ward,
  from: at(from),
  until: at(until),
  runsOutFirst: 'forms',
  proved: false,
  ...more,
});
const facts = (more: Partial<CareFacts>): CareFacts => ({
  ...noFacts,
  ...more,
  transitions: [...up, ...(more.transitions ?? [])],
});
const down = { transitions: [saw('app', 0, 'down', 'tcp-refused')] };

const board = (
  minute: number,
  known: CareFacts,
  map = hospital(),
  forecasts: { [id: string]: Forecast } = {},
): BoardView => boardView({ now: ms(minute), map, facts: known, forecasts });
const band = (view: BoardView, id = 'care'): Band => {
  const found = view.bands.find(({ careFunction }) => careFunction === id);
  if (found === undefined) throw new Error(`no band ${id}`);
  return found;
};
const ward = (view: BoardView, id: string): WardState => {
  const found = band(view).wards.find((one) => one.ward === id);
  if (found === undefined) throw new Error(`no ward ${id}`);
  return found;
};
const codes = (one: WardState) => one.because.map(({ code, component }) => (component ? `${code} ${component}` : code));

describe('a care function on its wards', () => {
  it('is served while its needs are met, and says where no access point was tried', () => {
    const view = board(5, facts({}));
    expect(band(view)).toMatchObject({
      state: 'served',
      supply: 'served',
      lostAt: null,
      gapAhead: { low: 0, high: 0 },
    });
    expect(codes(ward(view, 'w1'))).toEqual(['needs-met']);
    expect(ward(view, 'w1').accessTested).toBe(true);
    expect(codes(ward(view, 'w2'))).toEqual(['needs-met', 'access-not-tested']);
    expect(view.nextGap).toBeNull();
  });

  it('is unknown before anything was seen, never served', () => {
    const view = board(5, noFacts);
    expect(band(view)).toMatchObject({
      state: 'unknown',
      supply: 'unknown',
      segments: [{ to: null, state: 'unknown' }],
    });
    expect(codes(ward(view, 'w2'))).toEqual(['needs-unknown', 'not-yet-observed app', 'access-not-tested']);
  });

  it('once lost waits for each ward’s word, then is held, then in the gap when the mode has run out', () => {
    const known = facts({ ...down, holds: [held('w1', 10, 250, { spellFrom: at(10) })] });
    expect(band(board(5, known))).toMatchObject({
      state: 'toConfirm',
      lostAt: at(0),
      targetAt: at(60),
      intolerableAt: at(120),
      roots: ['app'],
    });
    const holding = board(20, known);
    expect(ward(holding, 'w1')).toMatchObject({
      state: 'held',
      since: at(10),
      hold: { until: at(250), runsOutFirst: 'forms', proved: false },
    });
    expect(codes(ward(holding, 'w1'))).toEqual(['hold-confirmed', 'needs-lost', 'tcp-refused app']);
    expect(codes(ward(holding, 'w2'))).toEqual(['no-word-yet', 'needs-lost', 'tcp-refused app', 'access-not-tested']);
    expect(band(holding)).toMatchObject({
      state: 'toConfirm',
      holdUntil: at(250),
      runsOutFirst: 'forms',
      wardsInState: [
        { state: 'toConfirm', wards: 1 },
        { state: 'held', wards: 1 },
      ],
    });
    expect(codes(ward(board(251, known), 'w1'))).toEqual(['hold-expired', 'needs-lost', 'tcp-refused app']);
    expect(ward(board(251, known), 'w1').state).toBe('gap');
  });

  it('asks again for the ward’s word when a shift ends before the mode has run out', () => {
    const known = facts({ ...down, holds: [held('w1', 10, 130)] });
    expect(ward(board(131, known), 'w1')).toMatchObject({ state: 'toConfirm' });
    expect(codes(ward(board(131, known), 'w1'))[0]).toBe('hold-expired');
  });

  it('is in the gap at once when a ward gives up, or when nothing could hold it', () => {
    const known = facts({ ...down, holds: [held('w1', 10, 130, { endedAt: at(40), endedBy: 'givenUp' })] });
    expect(ward(board(41, known), 'w1').state).toBe('gap');
    expect(codes(ward(board(41, known), 'w1'))[0]).toBe('hold-given-up');
    expect(band(board(1, facts(down), hospital({ care: { needs: { need: 'app' } } }))).state).toBe('gap');
  });

  it('does not take an old hold for a word on a new loss', () => {
    const known = facts({
      transitions: [saw('app', 0, 'down'), saw('app', 300, 'up'), saw('app', 400, 'down')],
      holds: [
        held('w1', 10, 250, { endedAt: at(300), endedBy: 'servedAgain' }),
        held('w2', 10, 250, { spellFrom: at(10) }),
      ],
    });
    expect(band(board(401, known)).wards.map(({ state }) => state)).toEqual(['toConfirm', 'toConfirm']);
  });

  it('is not there where someone says it does not work, whatever the checks say', () => {
    const report = (minute: number, works: boolean) => ({ careFunction: 'care', ward: 'w2', at: at(minute), works });
    const known = facts({ wardReports: [report(10, false), report(30, true)] });
    expect(ward(board(11, known), 'w2').state).toBe('toConfirm');
    expect(codes(ward(board(11, known), 'w2'))[0]).toBe('ward-says-broken');
    expect(band(board(11, known))).toMatchObject({ supply: 'served', lostAt: at(10) });
    expect(ward(board(11, known), 'w1').state).toBe('served');
    expect(codes(ward(board(31, known), 'w2'))).toContain('ward-says-works');
    // Said during a known loss it only agrees, and ends with it.
    const agreed = facts({
      transitions: [saw('app', 0, 'down'), saw('app', 60, 'up')],
      wardReports: [report(10, false)],
    });
    expect(ward(board(61, agreed), 'w2').state).toBe('served');
  });

  it('is lost on the ward whose every access point is', () => {
    const view = board(5, facts({ transitions: [saw('pc1', 0, 'isolated')] }));
    expect(band(view).wards.map(({ state }) => state)).toEqual(['toConfirm', 'served']);
    expect(codes(ward(view, 'w1'))).toEqual(['no-word-yet', 'component-isolated pc1', 'access-not-tested']);
  });

  it('is neither held nor gap while a decision says so', () => {
    const decisions: CareFacts['decisions'] = [
      { careFunction: 'care', wards: ['w1'], at: at(10), decision: 'diverted', reviewAt: at(120), patients: 7 },
      { careFunction: 'care', wards: [], at: at(20), decision: 'reduced', patients: 2 },
      { careFunction: 'care', wards: ['w1'], at: at(30), decision: 'resumed' },
    ];
    const known = facts({ ...down, decisions });
    expect(band(board(15, known))).toMatchObject({
      reviewAt: at(120),
      patients: 7,
      wardsInState: [{ state: 'toConfirm' }, { state: 'diverted' }],
    });
    expect(codes(ward(board(25, known), 'w2'))[0]).toBe('decided-reduced');
    expect(band(board(35, known)).wards.map(({ state }) => state)).toEqual(['toConfirm', 'diverted']);
  });

  it('is catching up once released, until it is lost anew', () => {
    const known = facts({
      transitions: [saw('app', 0, 'down'), saw('app', 200, 'up'), saw('app', 300, 'down')],
      releases: [{ careFunction: 'care', at: at(100), horizon: at(-500) }],
    });
    expect(band(board(150, known))).toMatchObject({
      state: 'catchingUp',
      lostAt: null,
      horizon: at(-500),
      forecast: null,
    });
    expect(codes(ward(board(150, known), 'w1'))).toEqual(['released']);
    expect(band(board(250, known)).state).toBe('catchingUp');
    expect(band(board(301, known))).toMatchObject({ state: 'toConfirm', lostAt: at(300) });
  });

  it('counts only while it is needed, and says when the gap will open', () => {
    const calendar = { days: ['mon' as const], from: '10:00', to: '12:00' };
    const map = hospital({ care: { needs: { need: 'app' }, calendar } });
    const early = board(60, facts(down), map);
    expect(band(early)).toMatchObject({ state: 'notNeeded', supply: 'lost' });
    expect(early.nextGap).toMatchObject({
      careFunction: 'care',
      at: at(120),
      already: false,
      certain: true,
      wards: 2,
      beds: 30,
    });
    expect(board(300, facts(down), map).careGap.byTier['1']).toEqual({ low: 240, high: 240 });
  });
});

describe('the care gap', () => {
  it('is certain from the end of what held, possible from the loss, by ward and weight', () => {
    const known = facts({ ...down, holds: [held('w1', 10, 250, { spellFrom: at(10) })] });
    const map = hospital({ care: { needs: { need: 'app' }, degradedMode: mode, weight: 3, tier: 2 } });
    const found = careGap({ now: ms(300), map, facts: known });
    // w1: 10 min without a word, 50 min after its mode ran out; w2: 300 min without a word.
    expect(found).toEqual({
      byTier: { '1': { low: 0, high: 0 }, '2': { low: 150, high: 1080 }, '3': { low: 0, high: 0 } },
      unknownMinutes: 0,
    });
    expect(board(300, known, map).careGap).toEqual(found);
  });

  it('keeps unknown minutes apart, and in the upper bound', () => {
    const known = facts({ transitions: [saw('app', 0, 'down'), saw('app', 10, 'unknown')] });
    const found = careGap({ now: ms(30), map: hospital(), facts: known });
    expect(found).toMatchObject({ byTier: { '1': { low: 0, high: 60 } }, unknownMinutes: 40 });
  });

  it('counts nested functions once, as the most vital of those in the gap', () => {
    const map = hospital({
      care: { needs: { need: 'app' }, weight: 2, tier: 2 },
      inside: { needs: { need: 'app' }, weight: 5, tier: 2, partOf: 'care', degradedMode: mode },
      vital: { needs: { need: 'app' }, weight: 1, tier: 1, partOf: 'inside', degradedMode: mode },
    });
    // The outermost is surely in the gap; the inner ones wait for a word.
    expect(careGap({ now: ms(10), map, facts: facts(down) }).byTier).toEqual({
      '1': { low: 0, high: 20 },
      '2': { low: 40, high: 100 },
      '3': { low: 0, high: 0 },
    });
  });

  it('counts from the real time of loss when that is learned late', () => {
    const late = { ...noFacts, transitions: [...up, saw('app', 20, 'unknown'), saw('app', 10, 'down')] };
    expect(careGap({ now: ms(30), map: hospital(), facts: late }).byTier['1']).toEqual({ low: 0, high: 40 });
  });
});

describe('the next gap', () => {
  it('is announced before it happens, from the battery’s end', () => {
    const view = board(2, facts({ transitions: [saw('ups', 0, 'down', 'ups-on-battery')] }));
    expect(band(view).state).toBe('served');
    expect(view.nextGap).toMatchObject({ careFunction: 'care', at: at(10), already: false, certain: false, wards: 2 });
  });

  it('leads with what is in the gap, most vital first; a more vital one about to fall goes before', () => {
    const map = hospital({
      minor: { needs: { need: 'lab' }, tier: 3 },
      major: { needs: { need: 'lab' }, tier: 2 },
      vital: { needs: { need: 'app' }, tier: 1 },
    });
    const lost = [saw('lab', 0, 'down')];
    expect(board(5, facts({ transitions: lost }), map).nextGap).toMatchObject({
      careFunction: 'major',
      at: at(0),
      already: true,
      certain: true,
    });
    expect(board(5, facts({ transitions: [...lost, saw('ups', 4, 'down')] }), map).nextGap).toMatchObject({
      careFunction: 'vital',
      at: at(14),
      already: false,
    });
  });
});

describe('wards that fall together', () => {
  it('are counted together, though their holds were confirmed some moments apart', () => {
    const known = facts({
      ...down,
      holds: [held('w1', 10, 250, { spellFrom: at(10) }), held('w2', 10, 250.4, { spellFrom: at(10.4) })],
    });
    expect(board(20, known).nextGap).toMatchObject({ at: at(250), already: false, certain: true, wards: 2, beds: 30 });
    const apart = facts({
      ...down,
      holds: [held('w1', 10, 250, { spellFrom: at(10) }), held('w2', 10, 260, { spellFrom: at(20) })],
    });
    expect(board(30, apart).nextGap).toMatchObject({ at: at(250), wards: 1, beds: 10 });
  });
});

describe('what is to come', () => {
  const range: Forecast = { kind: 'range', p50: at(260), p90: at(300), basis: 'declared' };
  it('is the gap between the end of the hold and the return', () => {
    const known = facts({ ...down, holds: [held('w1', 10, 250), held('w2', 10, 280)] });
    expect(band(board(20, known, hospital(), { care: range }))).toMatchObject({
      forecast: range,
      gapAhead: { low: 10, high: 50 },
    });
    expect(band(board(20, known, hospital(), { care: { kind: 'waiting', for: 'containment' } })).gapAhead).toBeNull();
    expect(band(board(20, known)).gapAhead).toBeNull();
  });

  it('is sure only from where the degraded mode bears no more, possible from the end of the last word', () => {
    const spell = { spellFrom: at(10), limit: at(250) };
    const known = facts({ ...down, holds: [held('w1', 10, 130, spell), held('w2', 10, 130, spell)] });
    expect(band(board(20, known, hospital(), { care: range }))).toMatchObject({
      holdUntil: at(130),
      gapAhead: { low: 10, high: 170 },
      gapsAhead: [
        { from: at(130), to: at(250), certain: false },
        { from: at(250), to: range.p50, certain: true },
        { from: range.p50, to: range.p90, certain: false },
      ],
    });
  });

  it('has no end where nobody may say, and once even the late return is past', () => {
    const known = facts({ ...down, holds: [held('w1', 10, 250), held('w2', 10, 250)] });
    const endless = { gapAhead: null, gapsAhead: [{ from: at(250), to: null, certain: false }] };
    expect(band(board(20, known, hospital(), { care: { kind: 'waiting', for: 'plan' } }))).toMatchObject(endless);
    const past: Forecast = { kind: 'range', p50: at(15), p90: at(18), basis: 'signed' };
    expect(band(board(20, known, hospital(), { care: past }))).toMatchObject({ forecast: past, ...endless });
    const late: Forecast = { kind: 'range', p50: at(15), p90: at(300), basis: 'signed' };
    expect(band(board(20, known, hospital(), { care: late }))).toMatchObject({
      gapAhead: { low: 0, high: 50 },
      gapsAhead: [{ from: at(250), to: at(300), certain: false }],
    });
  });

  it('is drawn only while care is needed', () => {
    const map = hospital({ care: { needs: { need: 'app' }, calendar: { days: ['mon'], from: '08:00', to: '12:00' } } });
    const known = facts(down);
    expect(band(board(180, known, map, { care: range }))).toMatchObject({
      gapAhead: { low: 60, high: 60 },
      gapsAhead: [{ from: at(180), to: at(240), certain: true }],
    });
  });

  it('is on the axis, with the story that goes on', () => {
    const view = board(20, facts(down), hospital(), { care: range });
    expect(view.axis.from <= at(-30)).toBe(true);
    expect(view.axis.to >= range.p90).toBe(true);
  });
});

const minutes = fc.integer({ min: 0, max: 240 });
const anyFacts = fc.record({
  transitions: fc.array(
    fc.record({
      component: fc.constantFrom('ups', 'app', 'pc1'),
      minute: minutes,
      to: fc.constantFrom(...componentStates),
    }),
    { maxLength: 8 },
  ),
  holds: fc.array(
    fc.record({ ward: fc.constantFrom('w1', 'w2'), from: minutes, length: fc.integer({ min: 1, max: 300 }) }),
    { maxLength: 4 },
  ),
  reports: fc.array(fc.record({ ward: fc.constantFrom('w1', 'w2'), minute: minutes, works: fc.boolean() }), {
    maxLength: 3,
  }),
  decisions: fc.array(
    fc.record({ minute: minutes, decision: fc.constantFrom('diverted' as const, 'resumed' as const) }),
    { maxLength: 2 },
  ),
});
const factsOf = (one: typeof anyFacts extends fc.Arbitrary<infer T> ? T : never): CareFacts => {
  const inOrder = <T extends { minute: number }>(list: T[]) => list.toSorted((a, b) => a.minute - b.minute);
  return facts({
    transitions: inOrder(one.transitions).map(({ component, minute, to }) => saw(component, minute, to)),
    holds: one.holds
      .toSorted((a, b) => a.from - b.from)
      .map(({ ward: id, from, length }) => held(id, from, from + length)),
    wardReports: inOrder(one.reports).map(({ ward: id, minute, works }) => ({
      careFunction: 'care',
      ward: id,
      at: at(minute),
      works,
    })),
    decisions: inOrder(one.decisions).map(({ minute, decision }) => ({
      careFunction: 'care',
      wards: [],
      at: at(minute),
      decision,
    })),
  });
};

describe('the board, whatever happened', () => {
  it('sums in the care gap what its bands showed minute by minute', () => {
    fc.assert(
      fc.property(anyFacts, (one) => {
        const known = factsOf(one);
        const map = hospital();
        const end = 240;
        const sum = { low: 0, high: 0, unknown: 0 };
        for (let minute = -60; minute < end; minute += 1) {
          for (const { state } of band(board(minute, known, map)).wards) {
            if (state === 'gap') sum.low += 1;
            if (state === 'gap' || state === 'toConfirm' || state === 'unknown') sum.high += 1;
            if (state === 'unknown') sum.unknown += 1;
          }
        }
        const found = careGap({ now: ms(end), map, facts: known, from: ms(-60) });
        expect(found).toMatchObject({ byTier: { '1': { low: sum.low, high: sum.high } }, unknownMinutes: sum.unknown });
      }),
      { numRuns: 25 },
    );
  });

  it('draws bands without hole or overlap up to now, ward counts that add up, and the same picture twice', () => {
    fc.assert(
      fc.property(anyFacts, minutes, (one, minute) => {
        const known = factsOf(one);
        const view = board(minute, known);
        for (const { segments, wardsInState, wards: list, state } of view.bands) {
          for (const [i, segment] of segments.entries()) expect(segment.to).toBe(segments[i + 1]?.from ?? null);
          expect(segments.at(-1)?.state).toBe(state);
          expect(wardsInState.reduce((sum, { wards: count }) => sum + count, 0)).toBe(list.length);
        }
        expect(board(minute, structuredClone(known))).toEqual(view);
      }),
      { numRuns: 100 },
    );
  });
});
