import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused, refuse } from '../journal/result.ts';
import { actHeader } from './protocol.ts';

export interface OwnNames {
  /** Host names this server answers to; undefined: any, where nobody said under which name people reach it. */
  hosts: ReadonlySet<string> | undefined;
  /** Host and port of the public address, where a proxy in front may ask for us under another name. */
  publicHost: string | undefined;
}

export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Worked out again only when the certificate at the door is another: each request asks. */
export function rememberedNames(
  boundTo: string,
  publicUrl: string | undefined,
  certified: () => readonly string[] | undefined,
): () => OwnNames {
  let of = certified();
  let known = ownNames(boundTo, publicUrl, of);
  return () => {
    const now = certified();
    if (now !== of) {
      of = now;
      known = ownNames(boundTo, publicUrl, of);
    }
    return known;
  };
}

/** `certified`: what the certificate at the door is for. */
function ownNames(boundTo: string, publicUrl: string | undefined, certified: readonly string[] | undefined): OwnNames {
  const asWritten = (certified ?? []).map((name) => (name.includes(':') ? `[${name}]` : name));
  if (publicUrl !== undefined) {
    const { hostname, host } = new URL(publicUrl);
    return { hosts: new Set([...loopbackNames, hostname, ...asWritten]), publicHost: host };
  }
  // A wildcard certificate names no host in particular.
  const isNamed = asWritten.length > 0 && !asWritten.some((name) => name.includes('*'));
  const isLoopback = ['localhost', '127.0.0.1', '::1'].includes(boundTo);
  const hosts = isNamed || isLoopback ? new Set([...loopbackNames, ...asWritten]) : undefined;
  return { hosts, publicHost: undefined };
}

/** By the route that answers, not by how the address was written: `/%61pi/…` is the API too. */
export const isApi = (request: FastifyRequest): boolean =>
  (request.routeOptions.url ?? '').startsWith('/api/') || request.url.startsWith('/api/');

/**
 * Against other sites' pages: the name asked for is ours (no DNS rebinding), nothing of the API is answered to them,
 * and what changes something carries a header a form cannot set, from our own origin.
 */
export function refuseOtherSites(app: FastifyInstance, own: () => OwnNames): void {
  app.addHook('onRequest', async (request) => {
    const { hosts, publicHost } = own();
    if (hosts && !hosts.has(hostNameOf(request))) throw new Refused(hostUnknown);
    const isAct = request.method !== 'GET' && request.method !== 'HEAD';
    if (isAct && request.headers[actHeader.name] !== actHeader.value) throw new Refused(actForged);
    if (!isAct && !isApi(request)) return;
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') throw new Refused(actForged);
    const { origin } = request.headers;
    if (origin !== undefined && !isOwn(origin, request.host, publicHost)) throw new Refused(actForged);
  });
}

export const hostNameOf = (request: FastifyRequest): string => request.host.replace(/:\d*$/, '').toLowerCase();

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
