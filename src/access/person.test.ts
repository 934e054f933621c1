import { describe, expect, it } from 'vitest';
import { foldName, may, type Person } from './person.ts';
import { roles, scopes } from './roles.ts';

const holding = (grants: Person['grants']): Person => ({ id: 'p', name: 'p', displayName: 'P', grants });

describe('may', () => {
  it('lets nobody in but where it is public', () => {
    expect(may(null, { allowed: 'public', scope: 'establishment' }).ok).toBe(true);
    expect(may(null, { allowed: 'signedIn', scope: 'ward' })).toMatchObject({ refusal: { code: 'signed-out' } });
    expect(may(null, { allowed: ['staff'], scope: 'ward' })).toMatchObject({ refusal: { code: 'signed-out' } });
  });

  it('asks for one of the roles named', () => {
    for (const role of roles) {
      const person = holding([{ role, scope: 'establishment' }]);
      for (const asked of roles) {
        for (const scope of scopes) expect(may(person, { allowed: [asked], scope }).ok).toBe(role === asked);
      }
    }
  });

  it('denies by default: no grant, or one that says no site or ward yet', () => {
    expect(may(holding([]), { allowed: 'signedIn', scope: 'ward' }).ok).toBe(false);
    const narrow = holding([{ role: 'clinician', scope: 'ward' }]);
    expect(may(narrow, { allowed: ['clinician'], scope: 'ward' }).ok).toBe(false);
    expect(may(narrow, { allowed: 'signedIn', scope: 'establishment' }).ok).toBe(false);
  });
});

it('names that look the same are the same', () => {
  expect(foldName(' Anne.MOREL ')).toBe(foldName('anne.morel'));
  expect(foldName('Ａnne')).toBe('anne');
});
