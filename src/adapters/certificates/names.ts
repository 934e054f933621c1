import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { plainName } from './folder.ts';

/**
 * The names and addresses of this hub, the one people use first: its public name, what the settings add, the machine's own
 * name, and the addresses it listens on (all of the machine's where it listens on all). At most what a certificate bears.
 */
const namesMax = 50;

export function hubNames(parts: { host: string; publicUrl?: string | undefined; more?: readonly string[] }): string[] {
  const { host, publicUrl, more = [] } = parts;
  const everywhere = host === '0.0.0.0' || host === '::';
  const bound = everywhere ? addressesOfMachine() : [host];
  const own = hostname().toLowerCase();
  const all = [
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')]),
    ...more,
    ...(everywhere ? [own] : []),
    ...bound,
    ...(everywhere ? [] : [own]),
    'localhost',
    '127.0.0.1',
    '::1',
  ];
  return [...new Set(all.filter(isName).map(plainName))].slice(0, namesMax);
}

/** A host name of RFC 1123 in ASCII, or an address. */
export const isName = (name: string): boolean =>
  isIP(name) !== 0 ||
  (name.length <= 253 && name.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label)));

/** Those other machines may use: link-local IPv6 addresses need a zone and are in no certificate. */
const addressesOfMachine = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'))
    .map(({ address }) => address);
