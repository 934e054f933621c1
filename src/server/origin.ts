import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused, refuse } from '../journal/result.ts';
import { actHeader } from './protocol.ts';

export interface OwnNames {
  /** Host names this server answers to; undefined: any, where nobody said under which name people reach it. */
  hosts: ReadonlySet<string> | undefined;
  /** Host and port of the public address, where a proxy in front may ask for us under another name. */
  publicHost: string | undefined;
}

export function ownNames(boundTo: string, publicUrl: string | undefined): OwnNames {
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (publicUrl !== undefined) {
    const { hostname, host } = new URL(publicUrl);
    return { hosts: new Set([...loopback, hostname]), publicHost: host };
  }
  const isLoopback = ['localhost', '127.0.0.1', '::1'].includes(boundTo);
  return { hosts: isLoopback ? new Set(loopback) : undefined, publicHost: undefined };
}

/**
 * Against other sites' pages: the name asked for is ours (no DNS rebinding), nothing of the API is answered to them,
 * and what changes something carries a header a form cannot set, from our own origin.
 */
export function refuseOtherSites(app: FastifyInstance, { hosts, publicHost }: OwnNames): void {
  app.addHook('onRequest', async (request) => {
    if (hosts && !hosts.has(hostNameOf(request))) throw new Refused(hostUnknown);
    const isAct = request.method !== 'GET' && request.method !== 'HEAD';
    if (isAct && request.headers[actHeader.name] !== actHeader.value) throw new Refused(actForged);
    if (!isAct && !request.url.startsWith('/api/')) return;
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') throw new Refused(actForged);
    const { origin } = request.headers;
    if (origin !== undefined && !isOwn(origin, request.host, publicHost)) throw new Refused(actForged);
  });
}

const hostNameOf = (request: FastifyRequest): string => request.host.replace(/:\d*$/, '').toLowerCase();

function isOwn(origin: string, asked: string, publicHost: string | undefined): boolean {
  // `null` (a sandboxed frame, a file) is no origin of ours; neither is what cannot be parsed.
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== '' && (host === publicHost || host === asked.toLowerCase().replace(/:(80|443)$/, ''));
}

const hostUnknown = refuse('host-unknown', 'Reflexe does not answer under this name.', {
  cure: 'Use the address Reflexe printed when it started, or start it with the public address people use.',
}).refusal;

const actForged = refuse('act-forged', 'This request does not come from Reflexe’s own interface.', {
  kept: 'Nothing was changed.',
  cure: 'Open Reflexe by its own address and act from there.',
}).refusal;
