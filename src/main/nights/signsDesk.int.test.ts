import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { memorySealer } from '../../access/memorySealer.ts';
import type { ApprovalsView } from '../../access/views.ts';
import { CleanPoints } from '../../adapters/cleanPoint/cleanPoints.ts';
import { MemorySource } from '../../adapters/files/memory.ts';
import { newKey, sealerUnder } from '../../adapters/keys/masterSealer.ts';
import { judgedAll } from '../../restore/nights/judged.ts';
import { compromisedSince, explainedOf } from '../../restore/nights/state.ts';
import type { Work } from '../../restore/ports.ts';
import { memoryWorld } from '../fixtures/memoryWorld.ts';
import { SignsDesk } from './signsDesk.ts';

const folder = mkdtempSync(join(tmpdir(), 'reflexe-signs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

const planted = 'REFLEXE-PLANTED-SIGN';
const here = () => new AbortController().signal;
const work: Work = { signal: here(), progress: () => undefined };
const files = (prefix: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}-${n}.bin`, Buffer.from(`${n} ${planted}`)]));

/** A night with two files of Mme Durand's that a rule finds; and one with more than two people read through. */
async function desk() {
  const place = mkdtempSync(join(folder, 'hub-'));
  writeFileSync(join(place, 'planted.yar'), `rule planted { strings: $a = "${planted}" condition: $a }`);
  const key = newKey();
  const points = new CleanPoints({
    sources: new Map([
      [
        'nights-db',
        new MemorySource([
          { time: '2026-01-03T02:00:00.000Z', tree: files('durand', 2) },
          { time: '2026-01-04T02:00:00.000Z', tree: files('durand', 120) },
        ]),
      ],
    ]),
    rules: [join(place, 'planted.yar')],
    verdicts: join(place, 'verdicts'),
    staging: join(place, 'staging'),
    sealer: memorySealer(),
    onTrouble: (what) => {
      throw new Error(what);
    },
    fingerprint: (text) => sealerUnder(() => [key]).index('explained signs', text),
  });
  const { world, act } = await memoryWorld(() => Date.parse('2026-01-05T08:00:00.000Z'));
  ended.push(() => world.close());
  const journalled: unknown[] = [];
  world.journal.queue.onDurable(({ events }) => journalled.push(...events));
  const ask = () => ({
    canaries: [],
    compromisedSince: compromisedSince(world.state.restore.nights, 'db'),
    explained: explainedOf(world.state.restore.nights, 'db'),
  });
  const judge = async () => {
    const found = await points.find('nights-db', ask(), work);
    if (!found.ok) throw new Error(found.refusal.message);
    await act({ type: 'RecordNights', ...judgedAll('db', 'nights-db', found.value, 1) });
  };
  await act({ type: 'SeeMeans', means: [{ component: 'db', source: 'nights-db', digest: 'sha256:0' }] });
  await judge();
  const signs = new SignsDesk(world, points, { cleanPointAsk: ask });
  ended.push(() => signs.close());
  return { signs, world, act, judge, journalled };
}

const sign = { component: 'db', snapshot: 'night-0', rule: 'planted' };

describe('the desk of signs', () => {
  test('tells names to who asks, and has two persons explain that and no more; nothing of a name is journalled', async () => {
    const { signs, world, act, judge, journalled } = await desk();
    const seen = await signs.look(sign, here());
    if (!seen.ok) throw new Error(seen.refusal.message);
    expect(seen.value).toMatchObject({ findingsInAll: 2, contents: 2, bound: true });
    expect(seen.value.findings.map(({ path }) => path)).toEqual(['/durand-0.bin', '/durand-1.bin']);
    expect(seen.value).not.toHaveProperty('marks');
    const asked = { ...sign, reach: 'content' as const, seen: seen.value.seen };
    const covered = await signs.covered(asked, here());
    if (!covered.ok) throw new Error(covered.refusal.message);
    const command = { type: 'ExplainFindings' as const, ...asked, ...covered.value };
    await act({ type: 'AskApproval', act: 'sign.explain', asked: command, inPrivate: { reason: 'ours' } }, 'person:a');
    const [waiting] = (world.views.compute('approvals') as ApprovalsView).approvals;
    // Who agrees is told how many and of what look, never a mark.
    expect(waiting?.asked).toMatchObject({ findings: 2, seen: seen.value.seen, reach: 'content', reason: 'ours' });
    expect(waiting?.asked).not.toHaveProperty('marks');
    const by = 'person:b';
    await act({ type: 'GiveApproval', approval: waiting?.approval ?? '', how: 'ownSession', by }, by);
    await judge();
    const { nights } = world.state.restore.nights.components.db ?? { nights: [] };
    expect(nights.map(({ signs: of }) => of)).toMatchObject([
      [{ rule: 'planted', findings: 2, explained: true }],
      [{ rule: 'planted', explained: false, explainedFindings: 2 }],
    ]);
    expect(JSON.stringify(journalled)).not.toMatch(/durand|\.bin/);
    expect(await signs.look(sign, here())).toMatchObject({ refusal: { code: 'sign-unknown' } });
  }, 60_000);

  test('refuses what was not looked at, what is too much to look through, and the whole rule where it is not', async () => {
    const { signs } = await desk();
    const many = { ...sign, snapshot: 'night-1' };
    const seenOf = async (of: typeof sign) => {
      const seen = await signs.look(of, here());
      return seen.ok ? seen.value.seen : '';
    };
    const few = await seenOf(sign);
    const all = await seenOf(many);
    const refused = async (asked: Parameters<typeof signs.covered>[0]) => {
      const covered = await signs.covered(asked, here());
      return covered.ok ? covered.value : covered.refusal.code;
    };
    expect(await refused({ ...sign, reach: 'content', seen: all })).toBe('changed-since-you-looked');
    expect(await refused({ ...sign, reach: 'rule', seen: few })).toBe('explanation-too-vague');
    expect(await refused({ ...many, reach: 'place', seen: all })).toBe('explanation-too-wide');
    expect(await refused({ ...many, reach: 'rule', seen: all })).toEqual({ marks: [], findings: 120 });
    expect(await refused({ ...sign, component: 'other', reach: 'content', seen: few })).toBe(
      'component-not-restorable',
    );
  }, 60_000);
});
