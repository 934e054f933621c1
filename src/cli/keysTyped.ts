import type { KeysDesk, KeysShown, Typed } from '../access/keys/ports.ts';
import { type Misread, readShareCode } from '../access/keys/shareCode.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { language, progress } from './answer.ts';
import type { Text } from './language.ts';
import { isTyping, typedLine } from './typed.ts';

const lettersPerShare = 72;

const prompts = {
  passphrase: { fr: 'Phrase secrète :', en: 'Passphrase:' },
  newPassphrase: { fr: 'Nouvelle phrase secrète :', en: 'New passphrase:' },
  again: { fr: 'Encore une fois :', en: 'Once more:' },
} satisfies { [name: string]: Text };

/** A new passphrase; on a terminal typed twice. */
export async function newPassphrase(label: string): Promise<Result<string>> {
  const suffix = label === '' ? '' : ` (${label})`;
  const { fr, en } = prompts.newPassphrase;
  const first = await typedLine({ fr: fr.replace(' :', `${suffix} :`), en: en.replace(':', `${suffix}:`) });
  if (!isTyping() || (await typedLine(prompts.again)) === first) return accept(first);
  return refuse('passphrase-differs', 'The two passphrases are not the same.', {
    kept: 'Nothing was changed.',
    cure: 'Type it again.',
  });
}

/** One share, line by line as it is printed, or in one piece. Each line is checked as it comes, on a terminal. */
async function typedShare(number: number, signal?: AbortSignal): Promise<string> {
  let code = '';
  for (let line = 1; code.replaceAll(/[\s\-–—.]/g, '').length < lettersPerShare; ) {
    const where = { fr: `Part ${number}, ligne ${line} :`, en: `Share ${number}, line ${line}:` };
    const typed = await typedLine(where, signal);
    if (typed.trim() === '') break;
    code += `${typed}\n`;
    const misread = isTyping() ? faultIn(code, line) : undefined;
    if (misread === undefined) {
      line += 1;
      continue;
    }
    progress(told(number, misread));
    code = code
      .split('\n')
      .slice(0, line - 1)
      .join('\n');
    if (code !== '') code += '\n';
  }
  return code;
}

/** The fault of the line just typed, the ones to come not counted. */
function faultIn(code: string, line: number): Misread | undefined {
  const read = readShareCode(code);
  if (read.ok) return undefined;
  return read.misread.find((one) => one.line === line && one.why !== 'lines-missing');
}

/** Two shares, or what stands before the end of standard input. */
export async function typedShares(signal?: AbortSignal): Promise<string[]> {
  const codes: string[] = [];
  for (const number of [1, 2]) {
    const code = await typedShare(number, signal);
    if (code === '') break;
    codes.push(code);
  }
  return codes;
}

const whys: { [Why in Misread['why']]: Text } = {
  'letter-unknown': { fr: 'cette lettre n’existe pas dans un code', en: 'no code has this letter' },
  'letter-wrong': { fr: 'cette lettre est fausse', en: 'this letter is wrong' },
  'letters-exchanged': {
    fr: 'cette lettre et la suivante sont inversées',
    en: 'this letter and the next are exchanged',
  },
  'line-wrong': {
    fr: 'plusieurs lettres sont fausses, ou c’est une autre ligne',
    en: 'several letters are wrong, or it is another line',
  },
  'line-length': { fr: 'il faut douze lettres', en: 'twelve letters are needed' },
  'lines-missing': { fr: 'les lignes manquent à partir d’ici', en: 'lines are missing from here' },
  'not-a-share': { fr: 'ce n’est pas une part de Reflexe', en: 'this is not a share of Reflexe' },
};

export function told(number: number, { line, letter, why }: Misread): Text {
  const { fr, en } = whys[why];
  return {
    fr: `Part ${number}, ligne ${line}${letter === undefined ? '' : `, lettre ${letter}`} : ${fr}.`,
    en: `Share ${number}, line ${line}${letter === undefined ? '' : `, letter ${letter}`}: ${en}.`,
  };
}

/** Asks for whatever this folder can be opened with. */
export async function typedFor(shown: KeysShown, signal?: AbortSignal): Promise<Typed> {
  const kinds = new Set(shown.protectors.map(({ kind }) => kind));
  if (kinds.has('passphrase')) {
    const passphrase = await typedLine(prompts.passphrase, signal);
    if (passphrase !== '' || !kinds.has('quorum')) return { passphrase };
  }
  return { shares: await typedShares(signal) };
}

/** What a locked hub says on its terminal, and how it is opened there. Ends when it is open, from here or elsewhere. */
export async function unlockHere(keys: KeysDesk, unlocked: Promise<void>): Promise<void> {
  const shown = await keys.status();
  if (!shown.ok) return;
  progress(waiting(shown.value));
  if (!isTyping()) return;
  const opened = new AbortController();
  void unlocked.then(() => opened.abort());
  while (!opened.signal.aborted) {
    const typed = await typedFor(shown.value, opened.signal).catch(() => undefined);
    if (typed === undefined) return;
    const answer = await keys.unlock(typed);
    if (answer.ok) return;
    progress({ fr: refusedHere.fr, en: answer.refusal.message });
  }
}

const refusedHere = { fr: 'Cela n’ouvre pas les données ; vérifiez le clavier et recommencez.' };

function waiting({ protectors }: KeysShown): Text {
  const kinds = new Set(protectors.map(({ kind }) => kind));
  const ways = [
    ...(kinds.has('passphrase') ? [{ fr: 'la phrase secrète', en: 'the passphrase' }] : []),
    ...(kinds.has('quorum') ? [{ fr: 'deux parts sur trois', en: 'two shares of three' }] : []),
  ];
  return {
    fr: `Reflexe attend la clé de ses données : donnez ${ways.map(({ fr }) => fr).join(' ou ')}, ici (ligne vide pour les parts) ou par « reflexe keys unlock » sur cette machine.`,
    en: `Reflexe waits for the key of its data: give ${ways.map(({ en }) => en).join(' or ')}, here (an empty line for shares) or by \`reflexe keys unlock\` on this machine.`,
  };
}

/** Of a protector's kind, for people. */
export const kindText = (kind: KeysShown['protectors'][number]['kind']): string =>
  ({
    file: { fr: 'fichier de clé', en: 'key file' },
    passphrase: { fr: 'phrase secrète', en: 'passphrase' },
    quorum: { fr: 'parts', en: 'shares' },
    tpm: { fr: 'puce TPM', en: 'TPM' },
  })[kind][language()];

export const sharesText = (codes: readonly string[]): string =>
  codes
    .map((code, at) => {
      const title = { fr: `Part ${at + 1} sur ${codes.length}`, en: `Share ${at + 1} of ${codes.length}` }[language()];
      return `${title}\n${code.replaceAll(/^/gm, '  ')}`;
    })
    .join('\n\n');
