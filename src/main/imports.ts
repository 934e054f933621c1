import type { Plans } from '../activate/plans.ts';
import type { Json } from '../journal/event.ts';
import { accept, type Result } from '../journal/result.ts';
import { documentHash } from '../journal/seal.ts';
import type { HospitalMap } from '../map/model.ts';
import type { HospitalWorld } from './world.ts';

/** Puts a map and plans into a journal, each as one change that names a content-addressed document. */
export async function importDocuments(
  world: HospitalWorld,
  documents: { map?: HospitalMap | undefined; plans?: Plans | undefined },
  source: string,
): Promise<Result<void>> {
  const by = { actor: 'import' };
  const { queue } = world.journal;
  if (documents.map !== undefined) {
    const hash = documentHash(plain(documents.map));
    const imported = await queue.submit({ type: 'ImportMap', document: documents.map, hash, source }, by);
    if (!imported.ok) return imported;
  }
  if (documents.plans !== undefined) {
    const document = plain(documents.plans);
    const imported = await queue.submit({ type: 'ImportPlans', document, hash: documentHash(document), source }, by);
    if (!imported.ok) return imported;
  }
  return accept(undefined);
}

/** What was read from YAML is plain data; optional fields that are undefined are simply not there. */
const plain = (value: HospitalMap | Plans): Json => JSON.parse(JSON.stringify(value));
