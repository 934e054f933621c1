import type { Command } from 'commander';
import { type TriedCheck, tryCheck } from '../main/tryCheck.ts';
import { checkCodes as englishCodes } from '../words/en/checkCodes.ts';
import { entry } from '../words/entry.ts';
import { checkCodes as frenchCodes } from '../words/fr/checkCodes.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  verb(program, 'detect try', 'detect try checks.yaml --check ehr-database')
    .argument(
      '<file>',
      { fr: 'un contrôle, ou un fichier de contrôles, en YAML', en: 'a check, or a file of checks, in YAML' }[
        language()
      ],
    )
    .option(
      '--check <id>',
      { fr: 'lequel, s’il y en a plusieurs', en: 'which one, where there are several' }[language()],
    )
    .option(
      '--secrets <folder>',
      {
        fr: 'dossier des secrets (par défaut : « secrets » à côté du fichier)',
        en: 'folder of the secrets (default: "secrets" beside the file)',
      }[language()],
    )
    .addHelpText('after', () => `\n${format[language()]}${example}`)
    .action(async (file: string, options: { check?: string; secrets?: string }, command: Command) => {
      const stop = new AbortController();
      const interrupt = () => stop.abort();
      process.once('SIGINT', interrupt);
      try {
        answer(
          command,
          await tryCheck({ file, id: options.check, secretsFolder: options.secrets }, stop.signal),
          rendered,
        );
      } finally {
        process.off('SIGINT', interrupt);
      }
    });
}

const format = {
  fr: 'Un contrôle s’écrit ainsi (genres : tcp, http, postgresql, fhir, mllp, dicom, nut, canary, backupChange) :\n',
  en: 'A check is written so (kinds: tcp, http, postgresql, fhir, mllp, dicom, nut, canary, backupChange):\n',
};
const example = `
  id: ehr-portal
  component: ehr
  kind: http
  every: 30s
  timeout: 5s
  url: https://ehr.example.org/health
  expect: { status: 200, bodyContains: ready }
  warn: { certificateDaysMin: 14, millisecondsMax: 2000 }
`;

const inFrench: readonly [RegExp, string][] = [
  [/^at least /, 'au moins '],
  [/^at most /, 'au plus '],
  [/^none$/, 'aucun'],
  [/^nothing$/, 'rien'],
  [/^not found in (\d+) bytes$/, 'absent des $1 octets lus'],
];
const french = (text: string): string =>
  inFrench.reduce((said, [english, words]) => said.replace(english, words), text);

const texts = {
  fr: {
    states: { up: 'en service', degraded: 'dégradé', unknown: 'inconnu', down: 'hors service' },
    codes: frenchCodes,
    colon: '\u00a0: ',
    notGiven: 'non donné',
    missed: (expected: string, seen: string) => `attendu ${french(expected)}, observé ${french(seen)}`,
  },
  en: {
    states: { up: 'up', degraded: 'degraded', unknown: 'unknown', down: 'down' },
    codes: englishCodes,
    colon: ': ',
    notGiven: 'not given',
    missed: (expected: string, seen: string) => `expected ${expected}, observed ${seen}`,
  },
};

function rendered(tried: TriedCheck, inLanguage: Language): string {
  const { check, component, state, code, detail, milliseconds, observed, failedConditions } = tried;
  const say = texts[inLanguage];
  // That no answer came is already said by the code.
  const missed = failedConditions.filter(({ condition }) => condition !== 'answers');
  return [
    `${component} · ${check}${say.colon}${say.states[state]}, ${entry(say.codes, code) ?? code} (${milliseconds} ms)`,
    ...missed.map(
      ({ condition, expected, observed: seen }) => `  ${condition}${say.colon}${say.missed(expected, seen)}`,
    ),
    ...(missed.length === 0 && detail !== '' ? [`  ${detail}`] : []),
    ...Object.entries(observed).map(([name, value]) => `  ${name} = ${value ?? say.notGiven}`),
  ].join('\n');
}
