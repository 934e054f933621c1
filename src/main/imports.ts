import type { Plans } from '../activate/plans.ts';
import type { Json } from '../journal/event.ts';
import { accept, type Result } from '../journal/result.ts';
import { documentHash } from '../journal/seal.ts';
import { differences } from '../map/change/apply.ts';
import { withShortReferences } from '../map/document/reference.ts';
import type { HospitalMap } from '../map/model.ts';
import { changeMap } from '../server/changeMap.ts';
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
    const imported = await queue.submit(mapCommand(world, documents.map, source), by);
    if (!imported.ok) return imported;
  }
  if (documents.plans !== undefined) {
    const document = plain(documents.plans);
    const imported = await queue.submit({ type: 'ImportPlans', document, hash: documentHash(document), source }, by);
    if (!imported.ok) return imported;
  }
  return accept(undefined);
}

/** The first map is put in place whole; another one is what it changes. */
function mapCommand(world: HospitalWorld, document: HospitalMap, source: string) {
  const now = world.state.map.document;
  if (now === null) return { type: 'ImportMap', document, hash: documentHash(plain(document)), source } as const;
  return changeMap(now, differences(now, withShortReferences(document)), { source });
}

/** What was read from YAML is plain data; optional fields that are undefined are simply not there. */
const plain = (value: HospitalMap | Plans): Json => JSON.parse(JSON.stringify(value));
