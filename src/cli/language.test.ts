import { expect, test } from 'vitest';
import { languageOf } from './language.ts';

test.each([
  [[], {}, 'fr'],
  [[], { LANG: 'C.UTF-8' }, 'fr'],
  [[], { LANG: 'fr_FR.UTF-8' }, 'fr'],
  [[], { LANG: 'en_GB.UTF-8' }, 'en'],
  [[], { LANG: 'en_GB.UTF-8', LC_ALL: 'fr_CA.UTF-8' }, 'fr'],
  [['map', '--lang', 'en'], { LANG: 'fr_FR' }, 'en'],
  [['--lang=fr', 'map'], { LANG: 'en_US' }, 'fr'],
  [['--lang', 'de'], { LANG: 'en_US' }, 'en'],
] as const)('%j in %j answers in %s', (args, environment, expected) => {
  expect(languageOf(args, environment)).toBe(expected);
});
