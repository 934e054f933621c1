import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical } from '../../journal/canonical.ts';
import type { HospitalMap } from '../../map/model.ts';
import type { RestoreConfiguration, SourceSection } from '../../restore/configuration.ts';

type Means = { component: string; source: string; digest: string };

/**
 * How each component of the map whose source is configured is restored here, as digests: its source, service and probes as the
 * configuration has them (secrets by name only), then the repository itself where it is a folder. A repository that is out of
 * reach now is taken to be the one of `before`: a disk that is not mounted un-proves nothing.
 */
export async function meansOf(
  map: HospitalMap,
  { sources, services, probes }: RestoreConfiguration,
  before: { readonly [component: string]: { digest: string } },
): Promise<Means[]> {
  const marks = new Map<string, Promise<string | null>>();
  const markOf = (name: string, section: SourceSection): Promise<string | null> => {
    const mark = marks.get(name) ?? repositoryMark(section);
    marks.set(name, mark);
    return mark;
  };
  const means: Means[] = [];
  for (const { id, restore } of map.components) {
    const section = restore === undefined ? undefined : sources[restore.source];
    if (restore === undefined || section === undefined) continue;
    const said = {
      source: section,
      service: services.find(({ component }) => component === id) ?? null,
      probes: restore.probes.map((name) => ({ name, probe: probes[name] ?? null })),
    };
    const mark = (await markOf(restore.source, section)) ?? before[id]?.digest.split('/')[1] ?? '-';
    means.push({ component: id, source: restore.source, digest: `sha256:${sha256(canonical(said))}/${mark}` });
  }
  return means;
}

/** Of the file `config` as it is stored: restic writes it once. Null where there is none within reach. */
async function repositoryMark(section: SourceSection): Promise<string | null> {
  if (section.kind !== 'restic') return null;
  const stored = await readFile(join(section.repository, 'config')).catch(() => null);
  return stored === null ? null : sha256(stored);
}

const sha256 = (of: string | Buffer): string => createHash('sha256').update(of).digest('hex');
