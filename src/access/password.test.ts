import { describe, expect, it } from 'vitest';
import { acceptablePassword } from './password.ts';

const code = (password: string, name = 'anne.morel'): string => {
  const result = acceptablePassword(password, name);
  return result.ok ? 'accepted' : result.refusal.code;
};

describe('a password', () => {
  it.each([
    'five calm otters',
    'quatre loutres calmes',
    'tK9!vuLx2#pQ',
    'éàüôîœß漢字かなカナ',
    'Reflexe sauve la garde',
  ])('may be %s', (password) => expect(code(password)).toBe('accepted'));

  it.each([
    'password2024!',
    'Motdepasse123',
    'P@ssw0rd2026',
    '123456789012',
    'azertyuiopqs',
    'mlkjhgfdsqpo',
    'aaaaaaaaaaaa',
    'abcdabcdabcd',
    'Administrateur1',
    'bienvenue2026',
    'mot de passe!!',
    'anne.morel12',
    'anne.morelanne.morel',
  ])('may not be %s', (password) => expect(code(password)).not.toBe('accepted'));

  it('has a length, counted in characters', () => {
    expect(code('elevenchars')).toBe('password-too-short');
    expect(code('🦦🦫🦡🦨🦝🦊')).toBe('password-too-short');
    expect(code('calm otters '.repeat(22))).toBe('password-too-long');
  });

  it('is never repeated in the refusal', () => {
    const refused = acceptablePassword('Motdepasse123', 'anne');
    expect(refused.ok).toBe(false);
    expect(JSON.stringify(refused).toLowerCase()).not.toContain('motdepasse');
  });
});
