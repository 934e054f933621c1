import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Settings {
  /** Address to listen on, for HTTP and HL7 alike. */
  host: string;
  httpPort: number;
  mllpPort: number;
  /** `host` may be a folder: then it holds PostgreSQL's Unix socket. */
  database: { host: string; port: number; name: string; user: string; passwordFile: string };
  orthancUrl: string;
  /** The application's own files; `documents/` below it holds the reports. */
  dataFolder: string;
}

export const USAGE = `node server.ts --port N --mllp-port N --data DIR --database HOST:PORT|/SOCKET/DIR[:PORT] --orthanc URL
  [--host 127.0.0.1] [--database-name ehr] [--database-user ehr_application]
  [--database-password-file DIR/database-password]
Ports may be 0: the line printed once ready names those the system chose.`;

export function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      'mllp-port': { type: 'string' },
      database: { type: 'string' },
      'database-name': { type: 'string', default: 'ehr' },
      'database-user': { type: 'string', default: 'ehr_application' },
      'database-password-file': { type: 'string' },
      orthanc: { type: 'string' },
      data: { type: 'string' },
    },
  });
  const needed = (name: 'port' | 'mllp-port' | 'database' | 'orthanc' | 'data'): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`--${name} is missing.\n${USAGE}`);
    return value;
  };
  const port = (text: string, option: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0 || value > 65_535)
      throw new Error(`--${option} ${text}: expected a port`);
    return value;
  };
  const where = /^(.+?)(?::(\d+))?$/.exec(needed('database'));
  const dataFolder = needed('data');
  return {
    host: values.host,
    httpPort: port(needed('port'), 'port'),
    mllpPort: port(needed('mllp-port'), 'mllp-port'),
    database: {
      host: where?.[1] ?? '',
      port: port(where?.[2] ?? '5432', 'database'),
      name: values['database-name'],
      user: values['database-user'],
      passwordFile: values['database-password-file'] ?? join(dataFolder, 'database-password'),
    },
    orthancUrl: needed('orthanc').replace(/\/+$/, ''),
    dataFolder,
  };
}

/** Read at each new connection: a restored or changed password is taken without a restart. */
export const readPassword = (settings: Settings): string => readFileSync(settings.database.passwordFile, 'utf8').trim();
