import type { Command } from 'commander';
import { type Verified, verify } from '../adapters/restic/verifying/verify.ts';
import { accept, type Result } from '../journal/result.ts';
import { bytes as bytesShown, number } from '../words/format.ts';
import { answer, progress } from './answer.ts';
import type { Language } from './language.ts';
import { inRepository, type RepositoryOptions, withRepository } from './resticOptions.ts';
import { verb } from './verb.ts';

type Verdict = Verified & { seconds: number };

const progressMilliseconds = 1000;

export function register(program: Command): void {
  withRepository(
    verb(program, 'restore verify', 'restore verify --restic /srv/backups/ehr --password-file password.txt'),
  ).action(async (options: RepositoryOptions, command: Command) => answer(command, await verified(options), rendered));
}

const verified = (options: RepositoryOptions): Promise<Result<Verdict>> =>
  inRepository(options, async (repository) => {
    const begun = performance.now();
    let last = begun;
    const found = await verify(repository, {
      signal: new AbortController().signal,
      progress(packs, total) {
        if (performance.now() - last < progressMilliseconds) return;
        last = performance.now();
        progress({ fr: `${packs} paquets sur ${total}`, en: `${packs} packs of ${total}` });
      },
    });
    return accept({ ...found, seconds: Math.round((performance.now() - begun) / 10) / 100 });
  });

function rendered({ ok, packs, blobs, bytes, seconds, problems, notes }: Verdict, inLanguage: Language): string {
  const read = {
    fr: `${number(packs, inLanguage)} paquets, ${number(blobs, inLanguage)} blocs, ${bytesShown(bytes, inLanguage)} relus et vérifiés en ${seconds} s`,
    en: `${number(packs, inLanguage)} packs, ${number(blobs, inLanguage)} blobs, ${bytesShown(bytes, inLanguage)} read and verified in ${seconds} s`,
  }[inLanguage];
  const verdict = ok
    ? {
        fr: 'Tout ce que ce dépôt dit contenir s’y relit.',
        en: 'All that this repository says it holds can be read back.',
      }
    : { fr: 'Ce dépôt est abîmé :', en: 'This repository is damaged:' };
  return [read, verdict[inLanguage], ...[...problems, ...notes].map(({ what, reason }) => `${what}: ${reason}`)].join(
    '\n',
  );
}
