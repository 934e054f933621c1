import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { TlsOptions } from '../tcp/connection.ts';

/** Bytes read of a body; what comes after is left unread. A page that must be judged on more is not a check's. */
export const BODY_BYTES = 1024 * 1024;

export interface HttpQuestion {
  url: URL;
  method: 'GET' | 'HEAD';
  headers: { [name: string]: string };
  tls: TlsOptions;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
  bytes: number;
  /** More was there than was read. */
  cut: boolean;
  /** Whole days until the certificate ends; null without TLS. */
  certificateDays: number | null;
}

/**
 * One request on a connection of its own, redirects not followed: what is asked is this address, not where it leads.
 * Rejects with the system's error.
 */
export function askHttp(question: HttpQuestion, now: number, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, method, headers, tls } = question;
  const options = {
    method,
    headers: { 'user-agent': 'reflexe-check', accept: '*/*', ...headers },
    agent: false as const,
    signal,
  };
  const trust = {
    rejectUnauthorized: tls.verify,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
  return new Promise((resolve, reject) => {
    const sent = url.protocol === 'https:' ? requestTls(url, { ...options, ...trust }) : requestPlain(url, options);
    sent.once('error', reject);
    sent.once('response', (response) => {
      const certificateDays = daysLeft(response, now);
      read(response)
        .then(
          (read) =>
            resolve({
              status: response.statusCode ?? 0,
              contentType: response.headers['content-type'] ?? '',
              certificateDays,
              ...read,
            }),
          reject,
        )
        .finally(() => sent.destroy());
    });
    sent.end();
  });
}

async function read(response: IncomingMessage): Promise<{ body: string; bytes: number; cut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, BODY_BYTES - bytes));
    bytes = Math.min(BODY_BYTES, bytes + chunk.length);
    if (bytes === BODY_BYTES) return { body: Buffer.concat(chunks).toString('utf8'), bytes, cut: true };
  }
  return { body: Buffer.concat(chunks).toString('utf8'), bytes, cut: false };
}

function daysLeft(response: IncomingMessage, now: number): number | null {
  const socket = response.socket as Partial<TLSSocket>;
  const ends = socket.getPeerCertificate?.()?.valid_to;
  const at = ends === undefined ? Number.NaN : Date.parse(ends);
  return Number.isNaN(at) ? null : Math.floor((at - now) / 86_400_000);
}
