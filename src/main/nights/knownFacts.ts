import { readFolder } from '../../adapters/sqlite/readFolder.ts';
import { parseEnvelope } from '../../journal/codec.ts';
import { accept, type Result } from '../../journal/result.ts';
import { healthyFactsRecorded } from '../../restore/events.ts';
import type { HospitalCommand } from '../hospital.ts';

const ENTRIES_AT_ONCE = 500;

/** What a hub's journal knows of its services while they were healthy, and its epoch; read where it lies, also while the hub writes it. */
export function knownFacts(dataFolder: string): Promise<Result<{ epoch: number; facts: HospitalCommand[] }>> {
  return readFolder(
    dataFolder,
    () => undefined,
    async (reader) => {
      const facts: HospitalCommand[] = [];
      const { epoch, sequence: end } = reader.head();
      for (let after = 0; after < end; after += ENTRIES_AT_ONCE) {
        for (const entry of reader.stored(after, ENTRIES_AT_ONCE)) {
          const { type, data } = parseEnvelope(entry);
          if (type !== 'HealthyFactsRecorded') continue;
          const read = healthyFactsRecorded.schema.safeParse(data);
          if (read.success) facts.push({ type: 'RecordHealthyFacts', ...read.data });
        }
      }
      return accept({ epoch, facts });
    },
  );
}
