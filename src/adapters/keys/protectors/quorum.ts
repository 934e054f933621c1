import { randomBytes } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { readShareCode, type Share, shareCode } from '../../../access/keys/shareCode.ts';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { SettingsOf } from '../keyringFile.ts';

/** Two of three: the director, the engineer on call and the sealed envelope; one may be ill, one may be lost. */
const needed = 2;
const of = 3;

type Settings = SettingsOf<'quorum'>;

export async function newQuorum(): Promise<{ settings: Settings; key: Uint8Array; codes: string[] }> {
  const key = new Uint8Array(randomBytes(32));
  const set = randomBytes(3).toString('hex');
  const shares = await split(key, of, needed);
  const codes = shares.map((bytes) => shareCode({ set, bytes }));
  return { settings: { kind: 'quorum', set, needed, of }, key, codes };
}

/** Which of the quorum's shares it is, for people: Shamir's x, its last byte. */
export const shareName = ({ set, bytes }: Share): string => `${set}-${bytes.at(-1) ?? 0}`;

/** What was typed, as shares; or the first letter that is wrong, and where. */
export function sharesOf(codes: readonly string[]): Result<Share[]> {
  const shares: Share[] = [];
  for (const [at, code] of codes.entries()) {
    const read = readShareCode(code);
    if (!read.ok) {
      const [first] = read.misread;
      const letter = first?.letter === undefined ? '' : `, letter ${first.letter}`;
      return refuse('share-misread', 'A share was not typed as it is printed.', {
        where: `share ${at + 1}, line ${first?.line ?? 1}${letter} (${first?.why ?? 'not-a-share'})`,
        expected: 'six lines of twelve letters and digits',
        kept: 'Nothing was opened.',
        cure: 'Have that line read again, letter by letter: reflexe keys shares.',
      });
    }
    shares.push(read.share);
  }
  return accept(shares);
}

export async function quorumKey(
  { set, needed: wanted }: Settings,
  shares: readonly Share[],
): Promise<Result<Uint8Array>> {
  const ours = new Map(shares.filter((share) => share.set === set).map((share) => [shareName(share), share.bytes]));
  if (ours.size < wanted) {
    const older = shares.some((share) => share.set !== set);
    return refuse(
      older ? 'shares-of-another-set' : 'shares-too-few',
      older
        ? 'Some of these shares are of another quorum, or of one that a rotation made void.'
        : 'One share alone opens nothing.',
      {
        where: `set ${set}`,
        expected: `${wanted} different shares of this set; ${ours.size} given`,
        kept: 'Nothing was opened.',
        cure: 'Ask for the newest shares: each says its set on the sheet.',
      },
    );
  }
  return accept(await combine([...ours.values()].slice(0, wanted)));
}
