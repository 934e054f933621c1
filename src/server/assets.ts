import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The interface with its compressed twins is some 5 MB; what is larger than all of it is read from the disk each time. */
const heldBytesMax = 32 * 1024 * 1024;

const types: { readonly [extension: string]: string } = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};
const codings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface Held {
  bytes: Buffer;
  coding: string | undefined;
}

/**
 * Files whose names carry the hash of what they hold: read once, kept. What is asked in any other way (a part of one, a kind or a name
 * that is not ours) answers undefined, and is left to who reads files.
 */
export function heldAssets(
  webRoot: string,
): (request: FastifyRequest, reply: FastifyReply, path: string) => Promise<FastifyReply | undefined> {
  const held = new Map<string, Promise<Held | undefined>>();
  let heldBytes = 0;

  async function read(path: string, coding: (typeof codings)[number] | undefined): Promise<Held | undefined> {
    const file = join(webRoot, `${path}${coding?.[1] ?? ''}`);
    const { size } = await stat(file).catch(() => ({ size: Number.POSITIVE_INFINITY }));
    if (heldBytes + size > heldBytesMax) return undefined;
    heldBytes += size;
    const bytes = await readFile(file).catch(() => undefined);
    return bytes && { bytes, coding: coding?.[0] };
  }

  async function best(path: string, accepted: string): Promise<Held | undefined> {
    for (const coding of codings) {
      if (!accepts(accepted, coding[0])) continue;
      const found = await once(path, coding);
      if (found !== undefined) return found;
    }
    return once(path, undefined);
  }

  function once(path: string, coding: (typeof codings)[number] | undefined): Promise<Held | undefined> {
    const name = `${path} ${coding?.[0] ?? ''}`;
    const known = held.get(name) ?? read(path, coding);
    held.set(name, known);
    return known;
  }

  return async (request, reply, path) => {
    const type = types[extname(path)];
    // One folder, plain names: nothing to climb out of, and no more names to remember than there are files.
    if (type === undefined || !/^assets\/[\w.-]+$/.test(path) || path.includes('..')) return undefined;
    if (request.headers.range !== undefined || request.headers['if-none-match'] !== undefined) return undefined;
    const found = await best(path, request.headers['accept-encoding'] ?? '');
    if (found === undefined) {
      held.delete(`${path} `);
      for (const [coding] of codings) held.delete(`${path} ${coding}`);
      return undefined;
    }
    reply.header('content-type', type).header('vary', 'accept-encoding');
    if (found.coding !== undefined) reply.header('content-encoding', found.coding);
    return reply.send(found.bytes);
  };
}

/** `br;q=0` refuses it; a weight between is taken for a yes. */
const accepts = (accepted: string, coding: string): boolean =>
  accepted.split(',').some((one) => {
    const [name = '', ...parameters] = one.trim().toLowerCase().split(';');
    return name.trim() === coding && !parameters.some((parameter) => /^\s*q=0(?:\.0*)?\s*$/.test(parameter));
  });
