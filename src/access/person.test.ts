import { describe, expect, it } from 'vitest';
import { actsOf, foldName, may, type Person, provedRecently, reachOf, type Subject } from './person.ts';
import { acts, rightTo } from './policy.ts';
import { type Grant, roles } from './roles.ts';

const holding = (grants: Person['grants'], more: Partial<Subject> = {}): Subject => ({
  person: { id: 'p', name: 'p', displayName: 'P', grants },
  session: { method: 'passkey', strength: 2, provedAt: 0 },
  enrolling: false,
  ...more,
});
const surgery = { ward: 'surgery', site: 'north' };
const maternity = { ward: 'maternity', site: 'south' };
const clinicianOf = (grant: { scope: 'ward'; ward: string } | { scope: 'site'; site: string }): Grant => ({
  role: 'clinician',
  ...grant,
});

describe('may', () => {
  it('lets nobody in but where it is public', () => {
    for (const act of acts) {
      const right = rightTo(act);
      const verdict = may(null, right);
      if (right.allowed === 'public') expect(verdict.ok, act).toBe(true);
      else expect(verdict, act).toMatchObject({ refusal: { code: 'signed-out' } });
    }
  });

  it('asks for one of the roles named, for every act and role', () => {
    for (const role of roles) {
      const subject = holding([{ role, scope: 'establishment' }]);
      for (const act of acts) {
        const { allowed } = rightTo(act);
        const named = allowed === 'public' || allowed === 'signedIn' || allowed.includes(role);
        expect(may(subject, rightTo(act)).ok, `${act} as ${role}`).toBe(named);
      }
    }
  });

  it('denies by default: without any grant, nothing but what is public', () => {
    const open = acts.filter((act) => may(holding([]), rightTo(act)).ok);
    expect(open.every((act) => rightTo(act).allowed === 'public')).toBe(true);
  });

  it('reaches as far as the grant: its ward, the wards of its site, or everywhere', () => {
    const hold = rightTo('hold.confirm');
    const ofWard = holding([clinicianOf({ scope: 'ward', ward: 'surgery' })]);
    expect(may(ofWard, hold, [surgery]).ok).toBe(true);
    expect(may(ofWard, hold, [maternity])).toMatchObject({ refusal: { code: 'not-allowed' } });
    expect(may(ofWard, hold, [surgery, maternity]).ok).toBe(false);
    const ofSite = holding([clinicianOf({ scope: 'site', site: 'south' })]);
    expect(may(ofSite, hold, [maternity]).ok).toBe(true);
    expect(may(ofSite, hold, [surgery]).ok).toBe(false);
    const both = holding([...ofWard.person.grants, ...ofSite.person.grants]);
    expect(may(both, hold, [surgery, maternity]).ok).toBe(true);
    // A ward of one's own opens nothing of the whole house.
    expect(may(ofWard, rightTo('log.write')).ok).toBe(false);
    expect(may(ofWard, rightTo('map.see')).ok).toBe(false);
    // A role held elsewhere does not lend its reach to another role.
    const mixed = holding([
      clinicianOf({ scope: 'ward', ward: 'surgery' }),
      { role: 'auditor', scope: 'establishment' },
    ]);
    expect(may(mixed, hold, [maternity]).ok).toBe(false);
  });

  it('says what the act asks for, and nothing of what is there', () => {
    const refused = may(holding([clinicianOf({ scope: 'ward', ward: 'surgery' })]), rightTo('hold.confirm'), [
      maternity,
    ]);
    expect(JSON.stringify(refused)).not.toContain('maternity');
    expect(refused).toMatchObject({ refusal: { expected: expect.stringContaining('administrator, clinician') } });
  });

  it('opens nothing to a session that has to add its second factor first, but adding it', () => {
    const enrolling = holding([{ role: 'administrator', scope: 'establishment' }], { enrolling: true });
    const open = actsOf(enrolling).filter((act) => rightTo(act).allowed !== 'public');
    expect(open.sort()).toEqual(['account.manage', 'account.protect', 'rights.see']);
  });
});

it('a sensitive act asks for a proof some minutes old at most', () => {
  const subject = holding([{ role: 'administrator', scope: 'establishment' }]);
  expect(provedRecently(subject, rightTo('rights.change'), 9 * 60_000).ok).toBe(true);
  expect(provedRecently(subject, rightTo('rights.change'), 11 * 60_000)).toMatchObject({
    refusal: { code: 'proof-too-old' },
  });
  expect(provedRecently(subject, rightTo('board.see'), 11 * 60_000).ok).toBe(true);
  const opened = { ...subject, session: { ...subject.session, method: 'administrativeBreakGlass' as const } };
  expect(provedRecently(opened, rightTo('rights.change'), 11 * 60_000).ok).toBe(true);
});

it('one sees as far as one’s grants', () => {
  const board = rightTo('board.see');
  expect(reachOf(holding([{ role: 'staff', scope: 'establishment' }]), board)).toBe('everywhere');
  const narrow = holding([clinicianOf({ scope: 'ward', ward: 'b' }), clinicianOf({ scope: 'ward', ward: 'a' })]);
  expect(reachOf(narrow, board)).toEqual({ wards: ['a', 'b'], sites: [] });
});

it('names that look the same are the same', () => {
  expect(foldName(' Anne.MOREL ')).toBe(foldName('anne.morel'));
  expect(foldName('Ａnne')).toBe('anne');
});
