import type { Command } from 'commander';
import { isoOf } from '../adapters/backupTree/instant.ts';
import { shown } from '../adapters/backupTree/name.ts';
import { pathUnknown } from '../adapters/backupTree/refusals.ts';
import type { Repository, Snapshot } from '../adapters/restic/repository/repository.ts';
import type { TreeNode } from '../adapters/restic/repository/treeNode.ts';
import { type Entry, walk } from '../adapters/restic/repository/walk.ts';
import { entriesAt } from '../adapters/restic/restoring/entries.ts';
import { snapshotNamed } from '../adapters/restic/snapshots.ts';
import { accept, type Result } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { inRepository, type RepositoryOptions, withRepository } from './resticOptions.ts';
import { momentShown } from './shown.ts';
import { verb } from './verb.ts';

interface Options extends RepositoryOptions {
  snapshot: string;
  path?: string;
  recursive?: true;
}

interface Listing {
  /** False where something below cannot be read. */
  ok: boolean;
  snapshot: string;
  entries: {
    path: string;
    kind: TreeNode['kind'];
    bytes: number;
    /** Octal permissions, as `ls` and `chmod` have them. */
    mode: string;
    /** ISO 8601, to the second. */
    modifiedAt: string;
    target?: string;
  }[];
  /** True where more stands there than is listed. */
  truncated: boolean;
  problems: { path: string; reason: string }[];
}

/** One document holds them all. */
const entriesMax = 500_000;

export function register(program: Command): void {
  withRepository(
    verb(
      program,
      'restore ls',
      'restore ls --restic /srv/backups/ehr --password-file password.txt --snapshot latest --path /srv/ehr/base',
    ),
  )
    .requiredOption('--snapshot <id>', { fr: 'sauvegarde à regarder', en: 'snapshot to look into' }[language()])
    .option(
      '--path <path>',
      { fr: 'dossier ou fichier de la sauvegarde', en: 'folder or file of the snapshot' }[language()],
    )
    .option('--recursive', { fr: 'et tout ce qui est dessous', en: 'and everything below' }[language()])
    .action(async (options: Options, command: Command) => answer(command, await list(options), rendered));
}

async function list(options: Options): Promise<Result<Listing>> {
  return inRepository(options, async (repository) => {
    const found = await snapshotNamed(repository, options.snapshot);
    return found.ok ? looked(repository, found.value, options) : found;
  });
}

async function looked(
  repository: Repository,
  snapshot: Snapshot,
  { path = '/', recursive }: Options,
): Promise<Result<Listing>> {
  const start = { tree: snapshot.tree, above: '' };
  const root = /^[/.]*$/.test(path);
  const at = root ? undefined : await entriesAt(repository, start, path);
  if (!root && at === undefined) return pathUnknown(snapshot.id, path);
  const below = at?.node;
  const listing: Listing = { ok: true, snapshot: snapshot.id, entries: [], truncated: false, problems: [] };
  const prefix = path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (below !== undefined && below.subtree === undefined) {
    add(listing, { path: prefix, node: below });
    return accept(listing);
  }
  for await (const entry of walk(repository, below?.subtree ?? snapshot.tree, prefix, recursive === true)) {
    if (listing.entries.length >= entriesMax) {
      listing.truncated = true;
      break;
    }
    add(listing, entry);
  }
  return accept({ ...listing, ok: listing.problems.length === 0 });
}

function add(listing: Listing, entry: Entry): void {
  const path = `/${shown(entry.path)}`;
  if ('damaged' in entry) {
    listing.problems.push({ path, reason: entry.damaged });
    return;
  }
  const { kind, bytes, mode, modifiedAt, target } = entry.node;
  listing.entries.push({
    path,
    kind,
    bytes,
    mode: mode.toString(8).padStart(4, '0'),
    modifiedAt: isoOf(modifiedAt) ?? '',
    ...(target === undefined ? {} : { target: shown(target) }),
  });
}

function rendered({ entries, truncated, problems }: Listing, inLanguage: Language): string {
  const lines = entries.map(
    ({ path, kind, bytes, mode, modifiedAt, target }) =>
      `${mode}  ${String(bytes).padStart(14)}  ${momentShown(modifiedAt)}  ${path}${kind === 'folder' ? '/' : ''}${target === undefined ? '' : ` -> ${target}`}`,
  );
  const empty = { fr: 'Ce dossier est vide.', en: 'This folder is empty.' }[inLanguage];
  const more = { fr: `… plus de ${entriesMax} entrées`, en: `… more than ${entriesMax} entries` }[inLanguage];
  return [
    ...(lines.length === 0 ? [empty] : lines),
    ...(truncated ? [more] : []),
    ...problems.map(({ path, reason }) => `${path}: ${reason}`),
  ].join('\n');
}
