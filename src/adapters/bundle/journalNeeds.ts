import { accept, type Result, refuse } from '../../journal/result.ts';
import { fieldsOf } from '../../journal/verify.ts';
import { formatVersion } from '../sqlite/journalDatabase.ts';
import { readFolder } from '../sqlite/readFolder.ts';
import type { Manifest } from './manifest.ts';

const chunk = 5_000;

/** The newest version of each event the journal holds, and where it first stands. */
type Found = Map<string, { version: number; sequence: number }>;

/**
 * Whether the version that `manifest` describes can read the journal in `folder`, entry by entry. Where it could not, its hub
 * would open it read-only (ARCHITECTURE, rule 10): a person must want that. No journal there: nothing to read.
 */
export async function canRead(
  manifest: Pick<Manifest, 'release' | 'events' | 'journalFormat'>,
  folder: string,
): Promise<Result<void>> {
  const read = await readFolder(
    folder,
    () => undefined,
    async (reader): Promise<Result<Found>> => {
      const found: Found = new Map();
      for (let after = 0; ; ) {
        const some = reader.stored(after, chunk);
        for (const { form, sequence } of some) note(found, fieldsOf(form), sequence);
        const last = some.at(-1)?.sequence;
        if (last === undefined) return accept(found);
        after = last;
      }
    },
  );
  if (!read.ok) return read.refusal.code === 'journal-not-found' ? accept(undefined) : read;
  if (manifest.journalFormat < formatVersion) {
    return unreadable(manifest.release, `its file has format ${formatVersion}`, folder);
  }
  for (const [type, { version, sequence }] of read.value) {
    const known = manifest.events[type];
    if (known !== undefined && known >= version) continue;
    const what = known === undefined ? `a ${type}` : `a ${type} of version ${version}`;
    return unreadable(manifest.release, `entry ${sequence} is ${what}`, folder);
  }
  return accept(undefined);
}

function note(found: Found, fields: ReturnType<typeof fieldsOf>, sequence: number): void {
  const { type, schemaVersion } = fields ?? {};
  if (typeof type !== 'string' || typeof schemaVersion !== 'number') return;
  const known = found.get(type);
  if (known === undefined || known.version < schemaVersion) found.set(type, { version: schemaVersion, sequence });
}

const unreadable = (release: string, why: string, folder: string) =>
  refuse('update-cannot-read-journal', `Version ${release} cannot read this journal: ${why}, which it does not know.`, {
    where: folder,
    expected: 'a version that knows every event of the journal',
    kept: 'the installed version, which was not touched',
    cure: 'Install a newer version. An older hub would open the journal read-only: --read-only accepts that.',
  });
