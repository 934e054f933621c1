import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findCleanPoint } from '../adapters/cleanPoint/findCleanPoint.ts';
import { ResticNights } from '../adapters/cleanPoint/resticNights.ts';
import { readRules } from '../adapters/cleanPoint/ruleFiles.ts';
import { repositorySealer } from '../adapters/cleanPoint/verdicts/repositorySealer.ts';
import type { ThrownAway, VerdictsPlace } from '../adapters/cleanPoint/verdicts/verdictFile.ts';
import { parseManifest } from '../adapters/files/manifest.ts';
import { unread } from '../adapters/restic/repository/open.ts';
import type { Repository } from '../adapters/restic/repository/repository.ts';
import { shippedRules } from '../adapters/scanner/shippedRules.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { CleanPointAsk, CleanPointFound } from '../restore/cleanPoint/found.ts';
import { answer, language, progress } from './answer.ts';
import type { Language, Text } from './language.ts';
import { type RepositoryOptions, repositoryOf, toldWork, withRepository } from './resticOptions.ts';
import { momentShown } from './shown.ts';
import { verb } from './verb.ts';

interface Options extends RepositoryOptions {
  rules?: string[];
  compromisedSince?: string;
  verdicts?: string;
  canaries?: string;
}

type Answer = CleanPointFound & { seconds: number };

export function register(program: Command): void {
  withRepository(
    verb(
      program,
      'restore clean-point',
      'restore clean-point --restic /srv/backups/ehr --password-file password.txt --rules /srv/yara',
    ),
  )
    .option(
      '--rules <path...>',
      {
        fr: 'fichier de règles YARA, ou dossier qui en contient, au lieu de celles que Reflexe apporte',
        en: 'file of YARA rules, or folder that holds some, in place of those that Reflexe brings',
      }[language()],
    )
    .option(
      '--compromised-since <date>',
      {
        fr: 'compromis depuis cette date : les nuits d’après sont suspectes quoi qu’on y voie',
        en: 'compromised since that date: later nights are suspect whatever they show',
      }[language()],
    )
    .option(
      '--verdicts <file>',
      {
        fr: 'garder ici ce qui a été vu : la nuit suivante ne coûte que ce qu’elle apporte',
        en: 'keep here what was found: the next night costs only what it brings',
      }[language()],
    )
    .option(
      '--canaries <file>',
      {
        fr: 'fichiers que nul ne touche : leurs empreintes, au format de sha256sum',
        en: 'files that nobody touches: their checksums, as sha256sum writes them',
      }[language()],
    )
    .action(async (options: Options, command: Command) => answer(command, await found(options), rendered));
}

async function found({
  rules = [shippedRules],
  compromisedSince,
  verdicts,
  canaries: file,
  ...where
}: Options): Promise<Result<Answer>> {
  const begun = performance.now();
  if (compromisedSince !== undefined && Number.isNaN(Date.parse(compromisedSince)))
    return refuse('date-unreadable', 'This date cannot be understood.', {
      where: compromisedSince,
      expected: 'a date such as 2026-03-15 or 2026-03-15T22:00:00+01:00',
    });
  const read = await readRules(rules.map((place) => resolve(place)));
  if (!read.ok) return read;
  const canaries = await canariesOf(file);
  if (!canaries.ok) return canaries;
  const opened = await repositoryOf(where).open();
  if (!opened.ok) return opened;
  try {
    const point = await findCleanPoint(() => new ResticNights(opened.value), {
      rules: read.value,
      ask: {
        canaries: canaries.value,
        compromisedSince: compromisedSince === undefined ? null : new Date(compromisedSince).toISOString(),
        explained: [],
      },
      work: toldWork(),
      ...(verdicts === undefined ? {} : { verdicts: kept(resolve(verdicts), opened.value) }),
    });
    if (!point.ok) return point;
    return accept({ ...point.value, seconds: Math.round((performance.now() - begun) / 10) / 100 });
  } catch (error) {
    return unread(opened.value.files.place, error);
  }
}

/** What is kept tells names of files: it opens to whoever can open the repository. */
const kept = (file: string, { key }: Repository): VerdictsPlace => ({
  file,
  sealer: repositorySealer(key),
  of: 'a repository',
  isOurs: false,
  onThrownAway: (why) => progress(thrownAway[why]),
});

const thrownAway: { readonly [why in ThrownAway]: Text } = {
  earlier: {
    fr: 'Ce qui était gardé l’était par une version antérieure, en clair : c’est retiré, et tout est regardé à nouveau.',
    en: 'What was kept was kept by an earlier version, unsealed: it is removed, and everything is looked at again.',
  },
  broken: {
    fr: 'Ce qui était gardé ne s’ouvre pas (abîmé, modifié, ou d’un autre dépôt) : c’est retiré, et tout est regardé à nouveau.',
    en: 'What was kept does not open (damaged, altered, or of another repository): it is removed, and everything is looked at again.',
  },
};

async function canariesOf(file: string | undefined): Promise<Result<CleanPointAsk['canaries']>> {
  if (file === undefined) return accept([]);
  const sums = await readFile(resolve(file), 'utf8').then(parseManifest, () => null);
  return sums === null || sums.size === 0
    ? refuse('canaries-unreadable', 'The checksums of the canaries cannot be read.', {
        where: file,
        expected: 'lines as sha256sum writes them: 64 hexadecimal digits, two spaces, a path in the backup',
        kept: 'Nothing was looked at.',
        cure: 'Make the file with sha256sum, from the folder that is backed up.',
      })
    : accept([...sums].map(([path, sha256]) => ({ path, sha256 })));
}

/** Of each night so many findings are shown to people; the document has them all. */
const findingsShown = 5;

function rendered(point: Answer, inLanguage: Language): string {
  const fr = inLanguage === 'fr';
  const { lastClean, beforeFirstSign, lost, rules, notExamined, compromisedSince } = point;
  const made = fr
    ? `règles du ${rules.date ?? '?'} ; non examinés : ${notExamined.length}`
    : `rules of ${rules.date ?? '?'}; not examined: ${notExamined.length}`;
  const words = {
    clean: fr ? `aucun signe connu (${made})` : `no known sign (${made})`,
    dirty: fr ? 'des signes' : 'signs',
    damaged: fr ? 'abîmée' : 'damaged',
    unknown: fr ? 'inconnue' : 'unknown',
  };
  const lines: string[] = [];
  for (const { id, time, verdict, suspect, findings } of point.snapshots) {
    const doubted = suspect
      ? fr
        ? ', suspecte : compromis déclaré avant'
        : ', suspect: compromise declared before'
      : '';
    lines.push(`${momentShown(time)}  ${id.slice(0, 8)}  ${words[verdict]}${doubted}`);
    for (const { path, rule, reason } of findings.slice(0, findingsShown))
      lines.push(`    ${rule}  ${path}: ${reason}`);
    if (findings.length > findingsShown) lines.push(`    … ${findings.length - findingsShown}`);
  }
  if (lastClean === null) lines.push(fr ? 'Aucune nuit n’est sans signe connu.' : 'No night is without a known sign.');
  else
    lines.push(
      fr
        ? `Dernière nuit sans signe connu : ${momentShown(lastClean.time)}, ${lastClean.snapshot.slice(0, 8)} (${made}).`
        : `Last night with no known sign: ${momentShown(lastClean.time)}, ${lastClean.snapshot.slice(0, 8)} (${made}).`,
    );
  if (lastClean !== null && beforeFirstSign?.snapshot !== lastClean.snapshot)
    lines.push(
      fr
        ? `Un signe est venu avant elle, puis a disparu sans que personne l’explique. Dernière nuit avant tout signe : ${beforeFirstSign === null ? 'aucune' : momentShown(beforeFirstSign.time)}.`
        : `A sign came before it, and vanished with nobody explaining it. Last night before any sign: ${beforeFirstSign === null ? 'none' : momentShown(beforeFirstSign.time)}.`,
    );
  if (lost !== null)
    lines.push(
      fr
        ? `Y revenir perd, jusqu’au ${momentShown(lost.untilTime)} : ${lost.filesAdded} fichiers ajoutés, ${lost.filesChanged} modifiés, ${lost.filesRemoved} retirés.`
        : `Going back to it loses, until ${momentShown(lost.untilTime)}: ${lost.filesAdded} files added, ${lost.filesChanged} changed, ${lost.filesRemoved} removed.`,
    );
  if (compromisedSince !== null)
    lines.push(
      fr
        ? `Compromis depuis le ${momentShown(compromisedSince)} : les nuits d’après ne servent qu’aux données, sur des systèmes reconstruits.`
        : `Compromised since ${momentShown(compromisedSince)}: later nights are fit for data only, onto rebuilt systems.`,
    );
  if (rules.engine === null) lines.push(fr ? 'Les règles n’ont pas été appliquées.' : 'The rules were not applied.');
  for (const { file, reason } of rules.refused)
    lines.push(fr ? `Règles non appliquées : ${file}: ${reason}` : `Rules not applied: ${file}: ${reason}`);
  if (point.confinement === 'limits')
    lines.push(
      fr
        ? 'Contenus examinés dans un processus borné, sans bubblewrap : l’installer pour l’isoler.'
        : 'Contents were examined in a bounded process without bubblewrap: install it to isolate that process.',
    );
  return lines.join('\n');
}
