import type { Sealer } from '../access/sealer.ts';
import { CleanPoints } from '../adapters/cleanPoint/cleanPoints.ts';
import { DisksSource } from '../adapters/disks/source.ts';
import { TreeExaminer } from '../adapters/examiner/examiner.ts';
import { FilesSource } from '../adapters/files/source.ts';
import { forward } from '../adapters/loopback/forward.ts';
import { configuredProbe } from '../adapters/probes/probe.ts';
import { DiskRecoveryFolders } from '../adapters/recoveryFolders/recoveryFolders.ts';
import { configuredRepository } from '../adapters/restic/configuredRepository.ts';
import { FolderSource } from '../adapters/restic/folderSource.ts';
import { ResticSource } from '../adapters/restic/source.ts';
import { isAddress } from '../adapters/restic/tool/source.ts';
import { shippedRules } from '../adapters/scanner/shippedRules.ts';
import { realClock } from '../adapters/scheduler/clock.ts';
import { configuredService } from '../adapters/services/service.ts';
import type { Secrets } from '../detect/ports.ts';
import { accept, type Result } from '../journal/result.ts';
import type { Fingerprint } from '../restore/cleanPoint/explained.ts';
import type { RestoreConfiguration, SourceSection } from '../restore/configuration.ts';
import type { BackupSource, CleanRoom, ClinicalProbe, RestorableService, SignFinder } from '../restore/ports.ts';
import type { RestorationPorts } from '../restore/worker.ts';
import { toolSource } from './backupTools.ts';

export interface RestorationParts {
  configuration: RestoreConfiguration;
  secrets: Secrets;
  cleanRoom: CleanRoom;
  /** Where recoveries put what they restore, what is known of nights is kept, and one of them may stand while it is looked through. */
  folders: { recoveries: string; verdicts: string; staging: string };
  /** What is kept of nights is sealed under this. */
  sealer: Sealer;
  epoch(): number;
  onTrouble(what: string, error: unknown): void;
  /** Under a key of this establishment that outlives rotations; absent: no sign is explained here. */
  fingerprint?: Fingerprint | undefined;
}

/** A probe with where it asks: the hospital's own service, and the port inside the clean room. */
export interface PlacedProbe {
  probe: ClinicalProbe;
  component: string;
  port: number;
  live: string;
}

/** Everything the configuration names, made ready; or the first thing in it that cannot be. */
export function restorationPorts(
  parts: RestorationParts,
): Result<RestorationPorts & { probes: ReadonlyMap<string, PlacedProbe>; signs: SignFinder }> {
  const { configuration, secrets, cleanRoom, folders, sealer, epoch, onTrouble, fingerprint } = parts;
  const sources = new Map<string, BackupSource>(
    Object.entries(configuration.sources).map(([name, section]) => [name, configuredSource(section, secrets)]),
  );
  const services = new Map<string, RestorableService>(
    configuration.services.map((section) => [
      section.component,
      configuredService(section, (name) => secrets.read(name)),
    ]),
  );
  const probes = new Map<string, PlacedProbe>();
  for (const [name, section] of Object.entries(configuration.probes)) {
    const probe = configuredProbe(name, section, secrets);
    if (!probe.ok) return probe;
    probes.set(name, { probe: probe.value, component: section.component, port: section.port, live: section.live });
  }
  const cleanPoints = new CleanPoints({
    sources: new Map(
      [...sources].map(([name, source]) => [name, inPlace(configuration.sources[name], secrets) ?? source]),
    ),
    rules: [shippedRules, ...configuration.rules],
    verdicts: folders.verdicts,
    staging: folders.staging,
    sealer,
    onTrouble,
    fingerprint,
  });
  return accept({
    source: (name) => sources.get(name),
    service: (component) => services.get(component),
    probe: (name) => probes.get(name),
    probes,
    cleanPoints,
    signs: cleanPoints,
    examiner: new TreeExaminer(),
    cleanRoom,
    folders: new DiskRecoveryFolders(folders.recoveries),
    reach: (member, port) => forward(member.gateway[port] ?? ''),
    epoch,
    pause: (milliseconds, signal) => realClock.sleepUntil(realClock.now() + milliseconds, signal),
    stopwatch: () => {
      const started = performance.now();
      return () => (performance.now() - started) / 1000;
    },
  });
}

/** A repository that we read ourselves is looked through without restoring a night of it. */
function inPlace(section: SourceSection | undefined, secrets: Secrets): FolderSource | undefined {
  return section?.kind === 'restic' && !isAddress(section.repository)
    ? new FolderSource(configuredRepository(section, secrets))
    : undefined;
}

function configuredSource(section: SourceSection, secrets: Secrets): BackupSource {
  switch (section.kind) {
    case 'restic':
      return new ResticSource(configuredRepository(section, secrets));
    case 'files':
      return new FilesSource(section.folder);
    case 'disks':
      return new DisksSource(section);
    default:
      return toolSource(section, secrets);
  }
}
