import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Refusal, Refused, refuse } from '../journal/result.ts';

/** Codes that HTTP has a status of its own for; what else is refused for good is a 422, and what may succeed later a 503. */
const statuses: { readonly [code: string]: number } = {
  'body-malformed': 400,
  'body-invalid': 400,
  'request-malformed': 400,
  'if-match-malformed': 400,
  'request-ambiguous': 400,
  'signed-out': 401,
  'site-unknown': 401,
  'first-sign-in': 401,
  'sign-in-refused': 401,
  'sign-in-again': 401,
  'passkey-unknown': 401,
  'code-refused': 401,
  'code-used': 401,
  'clock-late': 401,
  'clock-early': 401,
  'recovery-code-refused': 401,
  'provider-answer-unknown': 403,
  'provider-answer-refused': 403,
  'provider-subject-waits': 403,
  'ward-card-unknown': 403,
  'ward-card-ended': 403,
  'envelope-unknown': 403,
  'envelope-void': 403,
  'not-allowed': 403,
  'second-factor-needed': 403,
  'proof-too-old': 403,
  'first-link-not-valid': 403,
  'invitation-not-valid': 403,
  'token-in-url': 400,
  'act-forged': 403,
  'certificate-expired': 403,
  'certificate-revoked': 403,
  'certificate-unknown': 403,
  'not-found': 404,
  'request-too-slow': 408,
  'changed-since-you-looked': 409,
  'name-taken': 409,
  'reviewed-already': 409,
  'body-too-large': 413,
  'body-not-json': 415,
  'body-encoded': 415,
  'host-unknown': 421,
  'too-many-attempts': 429,
  'too-many-requests': 429,
  'too-many-feeds': 429,
  'header-too-large': 431,
  internal: 500,
};

export const statusOf = ({ code, retryable }: Refusal): number =>
  (Object.hasOwn(statuses, code) ? statuses[code] : undefined) ?? (retryable ? 503 : 422);

/** Only a `Refused` was meant to be read; the rest is told by its kind, or by the id under which the log has it. */
export function refusalOf(error: unknown, log: Logger, place: { method: string; route: string }): Refusal {
  if (error instanceof Refused) return error.refusal;
  const status = clientErrorStatus(error);
  return status === undefined ? logged(error, log, place) : clientRefusal(status);
}

/** Logs a defect and answers with nothing but the id to find it by. */
export function logged(error: unknown, log: Logger, place: { [name: string]: string }): Refusal {
  const id = randomUUID();
  log.error({ id, ...place, ...traceOf(error) }, 'unexpected failure');
  return {
    code: 'internal',
    message: 'Reflexe failed unexpectedly.',
    where: id,
    kept: 'Whatever was acknowledged before is kept; this act may or may not have been done: look before repeating it.',
    cure: `Tell whoever runs Reflexe this number, its log has the cause under it: ${id}.`,
    retryable: false,
  };
}

/** Where it broke, without its message: a message may quote what a person typed, or a patient. */
function traceOf(error: unknown): { name: string; code?: string; frames: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name: error.name, ...code, frames: frames.slice(0, 20).map((line) => line.trim()) };
}

/** Fastify and its plugins blame the client by a status between 400 and 499. */
function clientErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : undefined;
}

function clientRefusal(status: number): Refusal {
  // Files that are hidden or outside are no more there than the others.
  if (status === 403 || status === 404) return notFound;
  if (status === 413) {
    return refuse('body-too-large', 'The request is larger than this act takes.', { kept: 'Nothing was changed.' })
      .refusal;
  }
  if (status === 415) {
    return refuse('body-not-json', 'Acts are asked in JSON.', { where: 'content-type', expected: 'application/json' })
      .refusal;
  }
  return refuse('request-malformed', 'The request cannot be read.', { kept: 'Nothing was changed.' }).refusal;
}

export const notFound: Refusal = refuse('not-found', 'There is nothing here, or nothing for you.', {
  cure: 'Go back to the Board.',
}).refusal;
