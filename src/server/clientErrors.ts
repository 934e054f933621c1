import type { Socket } from 'node:net';
import { refuse } from '../journal/result.ts';
import { serverLimits } from './limits.ts';
import { statusOf } from './refusals.ts';

/** What Node refuses before any request exists: answered in our words, then closed. */
export function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? headerTooLarge
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? requestTooSlow
        : requestMalformed;
  const body = JSON.stringify({ error: refusal });
  const reason = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };
  const status = statusOf(refusal);
  const phrase = status === 408 || status === 431 ? reason[status] : reason[400];
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ` +
      `${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

export const requestMalformed = refuse('request-malformed', 'The request cannot be read.').refusal;
const headerTooLarge = refuse('header-too-large', 'The request’s header is too large.', {
  expected: `at most ${serverLimits.headerBytes} bytes`,
}).refusal;
const requestTooSlow = refuse('request-too-slow', 'The request took too long to arrive.', { retryable: true }).refusal;
