import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Sealer } from '../access/sealer.ts';
import { type DoorParts, HubDoorCertificates } from '../adapters/certificates/door.ts';
import { hubNames } from '../adapters/certificates/names.ts';
import { accept, type Result } from '../journal/result.ts';
import { isLoopback } from '../server/connections.ts';
import type { ServerOptions } from '../server/server.ts';
import { configurationInvalid, readTransport } from './configuration.ts';

/** Where a hub keeps its authority and certificates, under its data folder. */
export const certificatesFolder = (dataFolder: string): string => join(dataFolder, 'certificates');

export interface TransportOptions {
  host: string;
  publicUrl?: string;
  dataFolder: string;
  configuration: string;
  sealer: Sealer;
  log: Logger;
}

export interface Transport {
  certificates: HubDoorCertificates | undefined;
  authority: { file: string; fingerprint: string } | null;
  /** What the server is told of it. */
  listening: Pick<ServerOptions, 'tls' | 'redirectPort'>;
}

/** The certificates of the door: none on loopback; everywhere else the supplied ones, or the hospital's own authority's. */
export async function openTransport(options: TransportOptions): Promise<Result<Transport>> {
  const { host, publicUrl, dataFolder, sealer, log } = options;
  if (host === 'localhost' || isLoopback(host))
    return accept({ certificates: undefined, authority: null, listening: {} });
  const { value: settings, problems } = await readTransport(options.configuration);
  if (problems.length > 0) return configurationInvalid(options.configuration, problems);

  const names = hubNames({ host, publicUrl, more: settings?.names ?? [] });
  const { certificate, key } = settings ?? {};
  const parts: DoorParts = {
    folder: certificatesFolder(dataFolder),
    establishment: publicUrl === undefined ? (names[0] ?? host) : new URL(publicUrl).hostname,
    sealer,
    names,
    now: Date.now,
    publicName: publicUrl === undefined ? undefined : new URL(publicUrl).hostname,
    supplied: certificate === undefined || key === undefined ? undefined : { certificate, key },
    onTrouble: ({ code, message, where, expected }) => log.warn({ code, where, expected }, message),
  };
  const opened = await HubDoorCertificates.open(parts);
  if (!opened.ok) return opened;
  const { authority } = opened.value;
  return accept({
    certificates: opened.value,
    authority:
      authority === null ? null : { file: join(parts.folder, 'authority.pem'), fingerprint: authority.fingerprint },
    listening: { tls: opened.value, redirectPort: settings?.redirectPort },
  });
}
