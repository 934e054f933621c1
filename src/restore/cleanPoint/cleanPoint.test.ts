import { describe, expect, test } from 'vitest';
import { cleanPointOf } from './cleanPoint.ts';
import { type ContentFacts, notJudged, unexamined } from './content.ts';
import { EXPLAINED_FINDINGS_MAX, type Explained, explaining, markOf, sightingOf } from './explained.ts';
import { changeOf, everythingIn, type Found, type Known, type NightContent, type NightHead, shownBy } from './night.ts';

/** Contents by name: what a scanner would have said of them. */
const plain: ContentFacts = {
  ...unexamined(5000, ''),
  evenness: { ...notJudged, blocks: 10 },
  notExamined: [],
};
const even: ContentFacts = { ...plain, evenness: { ...notJudged, blocks: 10, even: 10, head: true, tail: true } };
const facts: { [content: string]: ContentFacts } = {
  even,
  implant: { ...plain, rules: ['implant'] },
  shell: { ...plain, rules: ['implant'] },
  crashed: unexamined(5000, 'the scanner was ended by SIGKILL'),
  full: { ...plain, rows: [{ table: 'public.patients', rows: 1000 }] },
  emptied: { ...plain, rows: [{ table: 'public.patients', rows: 0 }] },
};
const known: Known = { facts: (content) => facts[content] ?? plain, canaries: [], isExplained: () => false };

/** Readable here, keyed where it is kept. */
const fingerprint = (text: string) => `key(${text})`;
const marking = { component: 'ehr', rule: 'implant', fingerprint };
const explainedBy = (...said: ({ reach: 'rule' } | { reach: 'content' | 'place'; marks: readonly string[] })[]) => ({
  isExplained: explaining(
    said.map((one): Explained => ({ component: 'ehr', rule: 'implant', ...one })),
    fingerprint,
  ),
});

type Night = NightHead & NightContent;
type Given = Partial<Omit<Night, 'files'>> & { files: { [path: string]: string } };
const ordinary = Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`/srv/${number}.txt`, `c${number}`]));

async function judged(given: readonly Given[], compromisedSince: string | null = null, more: Partial<Known> = {}) {
  const nights = given.map(({ files, ...more }, number): Night => {
    const time = `2026-03-${String(number + 1).padStart(2, '0')}T02:00:00.000Z`;
    const listed = Object.entries(files).map(([path, content]) => ({ path, content, bytes: 5000 }));
    return { id: `n${number + 1}`, time, host: 'ehr', paths: ['/srv'], damaged: [], ...more, files: listed };
  });
  const judge = {
    shown: async (night: Night, reference: Night | undefined) => shownBy(night, reference, { ...known, ...more }),
    change: async (before: Night, after: Night) => changeOf(before, after),
  };
  const { snapshots, ...rest } = await cleanPointOf(nights, judge, compromisedSince);
  return {
    ...rest,
    lastClean: rest.lastClean?.snapshot,
    before: rest.beforeFirstSign?.snapshot,
    snapshots,
    verdicts: snapshots.map(({ verdict }) => verdict),
  };
}

const signs = ({ findings }: { findings: readonly { rule: string }[] } = { findings: [] }) => [
  ...new Set(findings.map(({ rule }) => rule)),
];

describe('the clean point', () => {
  test('is the night before the implant, not before the encryption', async () => {
    const infected = { ...ordinary, '/srv/update.exe': 'implant' };
    const encrypted = { ...infected, '/srv/1.txt': 'even', '/srv/2.txt': 'even', '/srv/3.txt': 'even' };
    const found = await judged([{ files: ordinary }, { files: ordinary }, { files: infected }, { files: encrypted }]);
    expect(found.verdicts).toEqual(['clean', 'clean', 'dirty', 'dirty']);
    expect(found.lastClean).toBe('n2');
    expect(found.dirtySince).toMatchObject([
      { rule: 'implant', snapshot: 'n3', nights: 2 },
      { rule: 'content-encrypted', snapshot: 'n4', nights: 1 },
    ]);
    // What was encrypted is nobody's data any more: going back loses nothing of it.
    expect(found.lost).toMatchObject({
      untilTime: found.snapshots[2]?.time,
      filesAdded: 1,
      filesChanged: 0,
      filesRemoved: 0,
    });
  });

  test('where a sign came and vanished, is told beside the last night before it', async () => {
    const found = await judged([
      { files: ordinary },
      { files: { ...ordinary, '/srv/x': 'implant' } },
      { files: ordinary },
    ]);
    expect([found.lastClean, found.before]).toEqual(['n3', 'n1']);
  });

  test('never is a night emptied without a sign, nor the night after it', async () => {
    const few = { '/srv/1.txt': 'c1' };
    const found = await judged([{ files: ordinary }, { files: few }, { files: few }]);
    expect(found.lastClean).toBe('n1');
    expect(signs(found.snapshots[2])).toEqual(['lost-files', 'lost-bytes']);
  });

  test('never is a night whose dump lost its patients, the files all there', async () => {
    const found = await judged([
      { files: { ...ordinary, '/srv/dump.sql': 'full' } },
      { files: { ...ordinary, '/srv/dump.sql': 'emptied' } },
    ]);
    expect(found.lastClean).toBe('n1');
    expect(found.snapshots[1]?.findings).toEqual([
      {
        path: '/srv/dump.sql',
        rule: 'emptied-table',
        reason: 'public.patients holds 0 rows; the night before held 1000',
      },
    ]);
  });

  test('never is a dummy somebody dated, before or after, nor a foreign or empty one', async () => {
    const real = Array.from(
      { length: 4 },
      (_, day): Given => ({ files: ordinary, storedAt: `2026-03-0${day + 1}T02:10:00.000Z` }),
    );
    const implanted = { files: { ...ordinary, '/x': 'implant' }, storedAt: '2026-03-05T02:10:00.000Z' };
    const writtenLate = { files: ordinary, storedAt: '2026-03-06T02:10:00.000Z' };
    const back = { ...writtenLate, id: 'back', time: '2026-03-04T12:00:00.000Z' };
    const ahead = {
      ...writtenLate,
      id: 'ahead',
      time: '2027-01-01T00:00:00.000Z',
      storedAt: '2026-03-04T02:20:00.000Z',
    };
    const foreign = { ...writtenLate, id: 'foreign', host: 'other' };
    const empty = { ...writtenLate, id: 'empty', files: {} };
    const found = await judged([...real, implanted, back, ahead, foreign, empty]);
    expect(found.lastClean).toBe('n4');
    expect(found.snapshots.find(({ id }) => id === 'empty')?.verdict).toBe('dirty');
    const odd = found.snapshots.filter(({ verdict }) => verdict === 'unknown').map((one) => [one.id, signs(one)]);
    expect(odd.toSorted()).toEqual(
      [
        ['ahead', ['date-contradicted']],
        ['back', ['date-contradicted']],
        ['foreign', ['foreign']],
      ].toSorted(),
    );
  });

  test('in a copied repository believes the claims that follow the order of writing', async () => {
    const copied = Array.from(
      { length: 5 },
      (_, n): Given => ({ files: ordinary, storedAt: `2026-11-01T00:00:0${n}.000Z` }),
    );
    const dummy = {
      files: ordinary,
      id: 'dummy',
      time: '2026-03-05T12:00:00.000Z',
      storedAt: '2026-11-01T00:00:02.500Z',
    };
    const found = await judged([...copied, dummy]);
    expect(found.verdicts).toEqual(['clean', 'clean', 'clean', 'clean', 'clean', 'unknown']);
  });

  test('lies before «compromised since», whatever the later nights show', async () => {
    const found = await judged([{ files: ordinary }, { files: ordinary }, { files: ordinary }], '2026-03-02T00:00:00Z');
    expect(found.lastClean).toBe('n1');
    expect(found.snapshots.map(({ suspect, verdict }) => [suspect, verdict])).toEqual([
      [false, 'clean'],
      [true, 'clean'],
      [true, 'clean'],
    ]);
  });

  test('tells what was not examined; where nothing was, nothing is known', async () => {
    const one = await judged([{ files: { ...ordinary, '/srv/hostile': 'crashed' } }]);
    expect(one.verdicts).toEqual(['clean']);
    expect(one.snapshots[0]?.notExamined).toEqual([
      { path: '/srv/hostile', reason: 'the scanner was ended by SIGKILL' },
    ]);
    expect((await judged([{ files: { '/srv/hostile': 'crashed' } }])).verdicts).toEqual(['unknown']);
    expect((await judged([{ files: ordinary, damaged: [{ path: '/a', reason: 'is missing' }] }])).verdicts).toEqual([
      'damaged',
    ]);
    expect((await judged([])).lastClean).toBeUndefined();
  });

  test('is told with what each night brought, against the one before it', async () => {
    const grown: { [path: string]: string } = { ...ordinary, '/srv/new.txt': 'c40', '/srv/1.txt': 'c41' };
    const { '/srv/2.txt': _, ...shrunk } = grown;
    const { snapshots } = await judged([{ files: ordinary }, { files: grown }, { files: shrunk }]);
    expect(snapshots.map(({ files, bytes, change }) => ({ files, bytes, change }))).toEqual([
      { files: 30, bytes: 150_000, change: null },
      { files: 31, bytes: 155_000, change: { added: 1, changed: 1, removed: 0, bytesNew: 10_000 } },
      { files: 30, bytes: 150_000, change: { added: 0, changed: 0, removed: 1, bytesNew: 0 } },
    ]);
  });

  test('does not stop at what a person explained, which stays told', async () => {
    const nights = [{ files: ordinary }, { files: { ...ordinary, '/srv/tool.exe': 'implant' } }];
    const found = await judged(nights, null, explainedBy({ reach: 'rule' }));
    expect([found.lastClean, found.dirtySince]).toEqual(['n2', []]);
    expect(found.snapshots[1]?.findings).toMatchObject([{ path: '/srv/tool.exe', rule: 'implant', explained: true }]);
    // What explains one sign explains no other.
    const noted = {
      ...ordinary,
      '/srv/tool.exe': 'implant',
      '/srv/1.txt': 'even',
      '/srv/2.txt': 'even',
      '/srv/3.txt': 'even',
    };
    const worse = await judged([...nights, { files: noted }], null, explainedBy({ reach: 'rule' }));
    expect([worse.lastClean, worse.dirtySince.map(({ rule }) => rule)]).toEqual(['n2', ['content-encrypted']]);
  });

  describe('with an explanation of what one night showed', () => {
    const tool = { ...ordinary, '/srv/tool.exe': 'implant' };
    const found = (path: string, content: string): Found => ({ path, content, rule: 'implant', reason: 'matches' });
    const bound = (reach: 'content' | 'place') =>
      explainedBy({ reach, marks: [markOf(reach, found('/srv/tool.exe', 'implant'), marking)] });

    test('of its contents, sees a new one of that rule, and takes the same elsewhere for what it is', async () => {
      const shell = { ...tool, '/srv/www/shell.php': 'shell' };
      const moved = { ...ordinary, '/srv/old/tool.exe': 'implant' };
      const seen = await judged([{ files: tool }, { files: moved }, { files: shell }], null, bound('content'));
      expect(seen.verdicts).toEqual(['clean', 'clean', 'dirty']);
      expect(seen.lastClean).toBe('n2');
      expect(seen.dirtySince).toMatchObject([{ rule: 'implant', snapshot: 'n3', nights: 1 }]);
      expect(seen.snapshots[2]?.findings).toMatchObject([
        { path: '/srv/tool.exe', explained: true },
        { path: '/srv/www/shell.php', rule: 'implant' },
      ]);
      expect(seen.snapshots[2]?.findings[1]?.explained).toBeUndefined();
      // The tool itself was replaced by something else of that rule.
      expect((await judged([{ files: { '/srv/tool.exe': 'shell' } }], null, bound('content'))).verdicts).toEqual([
        'dirty',
      ]);
    });

    test('of its places, lets them change, and sees that rule anywhere else', async () => {
      const changed = { ...ordinary, '/srv/tool.exe': 'shell' };
      const elsewhere = { ...tool, '/srv/www/shell.php': 'implant' };
      const seen = await judged([{ files: tool }, { files: changed }, { files: elsewhere }], null, bound('place'));
      expect(seen.verdicts).toEqual(['clean', 'clean', 'dirty']);
    });

    test('never has more of what is explained hide what is not', async () => {
      const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`/a/${n}.exe`, 'implant']));
      const seen = await judged([{ files: { ...many, '/b/shell.php': 'shell' } }], null, bound('content'));
      expect(seen.verdicts).toEqual(['dirty']);
      const open = seen.snapshots[0]?.findings.filter(({ explained }) => explained !== true);
      expect(open).toMatchObject([{ path: '/b/shell.php' }]);
      expect(seen.snapshots[0]?.findings).toHaveLength(101);
    });

    test('of another component, another rule, or without its key, explains nothing', async () => {
      const marks = [markOf('content', found('/srv/tool.exe', 'implant'), { ...marking, component: 'lis' })];
      expect((await judged([{ files: tool }], null, explainedBy({ reach: 'content', marks }))).verdicts).toEqual([
        'dirty',
      ]);
      const own = [markOf('content', found('/srv/tool.exe', 'implant'), marking)];
      const isExplained = explaining([{ component: 'ehr', rule: 'implant', reach: 'content', marks: own }], undefined);
      expect((await judged([{ files: tool }], null, { isExplained })).verdicts).toEqual(['dirty']);
    });

    test('of half its files gone, says nothing of the next half', async () => {
      const few = Object.fromEntries(Object.entries(ordinary).slice(0, 12));
      const shown = await judged([{ files: ordinary }, { files: few }]);
      const marks = (shown.snapshots[1]?.findings ?? []).map((one) =>
        markOf('place', one, { ...marking, rule: one.rule }),
      );
      const isExplained = explaining(
        ['lost-files', 'lost-bytes'].map((rule): Explained => ({ component: 'ehr', rule, reach: 'place', marks })),
        fingerprint,
      );
      const fewer = { '/srv/0.txt': 'c0' };
      const again = await judged([{ files: ordinary }, { files: few }, { files: fewer }], null, { isExplained });
      expect(again.verdicts).toEqual(['clean', 'clean', 'dirty']);
    });

    test('is asked for of what is not explained yet, up to what two people can look through', () => {
      const night = (count: number): NightContent => ({
        files: Array.from({ length: count }, (_, n) => ({
          path: `/${n}.exe`,
          content: n < 2 ? 'shell' : 'implant',
          bytes: 9,
        })),
        damaged: [],
      });
      const sightingIn = (count: number, more: Partial<Known> = {}) =>
        sightingOf(everythingIn(night(count), undefined, { ...known, ...more }).found, marking);
      const few = sightingIn(5);
      expect(few).toMatchObject({ findingsInAll: 5, contents: 2 });
      expect([few.marks?.content.length, few.marks?.place.length]).toEqual([2, 5]);
      expect(sightingIn(5, bound('content'))).toMatchObject({ findingsInAll: 2, contents: 1 });
      const atMost = sightingIn(EXPLAINED_FINDINGS_MAX);
      expect(atMost.marks?.place).toHaveLength(EXPLAINED_FINDINGS_MAX);
      const tooMany = sightingIn(EXPLAINED_FINDINGS_MAX + 1);
      expect(tooMany).toMatchObject({ findingsInAll: EXPLAINED_FINDINGS_MAX + 1, marks: null });
      expect(tooMany.findings).toHaveLength(EXPLAINED_FINDINGS_MAX);
      // What is looked at is known again, and another one is not.
      expect(sightingIn(5).seen).toBe(few.seen);
      expect(sightingIn(6).seen).not.toBe(few.seen);
    });
  });

  test('knows its canaries by their path in the backup and inside the restored tree', async () => {
    const canaries = [
      { path: '1.txt', sha256: 'c1' },
      { path: '/srv/2.txt', sha256: 'C2' },
    ];
    expect((await judged([{ files: ordinary, above: '/srv' }], null, { canaries })).verdicts).toEqual(['clean']);
    const touched = await judged([{ files: { ...ordinary, '/srv/1.txt': 'other' }, above: '/srv' }], null, {
      canaries,
    });
    expect(signs(touched.snapshots[0])).toEqual(['canary-altered']);
    const elsewhere = await judged([{ files: ordinary }], null, { canaries });
    expect(elsewhere.snapshots[0]?.findings).toMatchObject([{ path: '1.txt', rule: 'canary-missing' }]);
  });
});
