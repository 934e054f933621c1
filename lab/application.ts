import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DATABASE_NAME, type Database } from './database/cluster.ts';
import type { Archive } from './imaging/orthanc.ts';
import { startService } from './run/programs.ts';
import type { Run } from './run/run.ts';
import { Fatal, until } from './run/waiting.ts';

/** The record application's script: also what a clean room starts on restored data. */
export const APPLICATION_SCRIPT = fileURLToPath(new URL('./application/server.ts', import.meta.url));

export interface Application {
  httpPort: number;
  mllpPort: number;
}

const readySchema = z.object({ ready: z.literal(true), httpPort: z.number(), mllpPort: z.number() });

/** Starts the record application on its data folder; resolves once it can truly serve. */
export async function startApplication(
  run: Run,
  dataFolder: string,
  database: Database,
  archive: Archive,
): Promise<Application> {
  const service = await startService(run, {
    what: 'application',
    command: process.execPath,
    args: [
      ...[APPLICATION_SCRIPT, '--port', '0', '--mllp-port', '0', '--data', dataFolder],
      ...['--database', `${database.host}:${database.port}`, '--database-name', DATABASE_NAME],
      ...['--orthanc', archive.httpUrl],
    ],
    as: 'starter',
  });
  const log = join(run.folder, 'logs', 'application.log');
  return until(
    'the record application can serve',
    20,
    async () => {
      const ended = service.ended();
      if (ended) throw new Fatal(ended);
      const line = readFileSync(log, 'utf8')
        .split('\n')
        .find((one) => one.startsWith('{"ready"'));
      if (line === undefined) return undefined;
      const { httpPort, mllpPort } = readySchema.parse(JSON.parse(line));
      const health = await fetch(`http://127.0.0.1:${httpPort}/health`, { signal: AbortSignal.timeout(5_000) });
      const said = await health.text();
      if (!health.ok) throw new Error(said);
      return { httpPort, mllpPort };
    },
    run.signal,
  );
}
