import { accept, type Result, refuse } from '../journal/result.ts';
import { accessLimits } from './limits.ts';
import { foldName } from './person.ts';

/** The same keys typed on another keyboard or system give the same bytes. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

/** Length, and not among the first an intruder tries. Never echoes the password. */
export function acceptablePassword(password: string, name: string): Result<void> {
  const { passwordCharactersMin: min, passwordCharactersMax: max } = accessLimits;
  const characters = [...normalPassword(password)];
  const expected = `between ${min} and ${max} characters, any of them`;
  if (characters.length < min) {
    return refuse('password-too-short', `The password has ${characters.length} characters.`, {
      where: 'password',
      expected,
      cure: 'Use a longer one: a few unrelated words in a row are easy to remember and hard to guess.',
    });
  }
  if (characters.length > max) {
    return refuse('password-too-long', `The password has ${characters.length} characters.`, {
      where: 'password',
      expected,
    });
  }
  if (isCommon(password) || holdsName(password, name)) {
    return refuse('password-common', 'This password is among the first an intruder tries.', {
      where: 'password',
      expected: `${expected}, but not a well-known word, a keyboard row, a repetition, or your own name`,
      cure: 'Put a few unrelated words in a row.',
    });
  }
  return accept(undefined);
}

/** Words people put first, once digits and marks around them are taken off and letters written as digits are read back. */
const commonStems = new Set(
  `password passwords motdepasse azerty azertyuiop qwerty qwertyuiop qwertz administrator administrateur administration
  admin adminadmin bonjour bienvenue welcome soleil loulou doudou marseille paris france changeme changezmoi letmein
  iloveyou jetaime hopital hospital urgences urgence reflexe secret superman football sunshine princesse princess
  dragon monkey chocolat coucou toulouse lyon nicolas camille azertyqwerty passwordpassword motdepassemotdepasse
  trustnoone correcthorsebatterystaple`.split(/\s+/),
);
const rows = '01234567890123456789 abcdefghijklmnopqrstuvwxyz azertyuiopqsdfghjklmwxcvbn qwertyuiopasdfghjklzxcvbnm';
const runs = `${rows} ${[...rows].reverse().join('')}`;

function isCommon(password: string): boolean {
  const plain = foldName(password);
  if (new Set(plain).size < 5) return true;
  if (
    runs.includes(plain) ||
    plain ===
      plain
        .slice(0, 4)
        .repeat(Math.ceil(plain.length / 4))
        .slice(0, plain.length)
  ) {
    return true;
  }
  return [plain, readBack(plain)].some((text) => commonStems.has(text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')));
}

const digitsAsLetters: { [digit: string]: string } = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};
const readBack = (text: string): string =>
  // Only between letters: the year after a word is not part of it.
  text.replace(/[01345@$](?=.*\p{L})/gu, (digit) => digitsAsLetters[digit] ?? digit).replace(/[\s_.-]/g, '');

/** Their own name with a few digits is a guess, not a secret. */
function holdsName(password: string, name: string): boolean {
  const folded = foldName(name);
  const rest = foldName(password).split(folded).join('');
  return folded.length >= 4 && [...rest].length < 6 && rest.length < foldName(password).length;
}
