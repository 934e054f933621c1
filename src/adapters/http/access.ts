import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { isCheckCode } from '../../detect/codes.ts';
import { unanswered } from '../../detect/conditions.ts';
import type { Finding } from '../../detect/observation.ts';
import type { CheckEdge, Secrets } from '../../detect/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { TlsOptions } from '../tcp/connection.ts';
import { Tls } from '../tcp/settings.ts';

/** An address without credentials: those are named, see `Authorization`. */
export const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an address such as https://host:port/path' })
  .refine((text) => {
    const url = URL.parse(text);
    return url === null || (url.username === '' && url.password === '');
  }, 'expected no name or password in the address: name a secret under authorization');

/** How a check proves who asks; `secret` is a name. */
export const Authorization = z.union([
  z.strictObject({ user: z.string().min(1), secret: z.string().min(1) }),
  z.strictObject({ bearer: z.string().min(1) }),
]);

/** Fields that every kind over HTTP shares. */
export const httpFields = {
  headers: z.record(z.string(), z.string()).default({}),
  authorization: Authorization.optional(),
  tls: Tls.prefault({}),
};

/** The headers and trust of a question, its secrets and files read. */
export async function openAccess(
  settings: {
    headers: { [name: string]: string };
    authorization?: z.output<typeof Authorization> | undefined;
    tls: z.output<typeof Tls>;
  },
  edge: CheckEdge,
): Promise<Result<{ headers: { [name: string]: string }; tls: TlsOptions }>> {
  const tls = await openTls(settings.tls, edge);
  if (!tls.ok) return tls;
  const authorization =
    settings.authorization === undefined ? accept({}) : await authorizationHeader(settings.authorization, edge.secrets);
  if (!authorization.ok) return authorization;
  return accept({ headers: { ...settings.headers, ...authorization.value }, tls: tls.value });
}

async function authorizationHeader(
  settings: z.output<typeof Authorization>,
  secrets: Secrets,
): Promise<Result<{ [name: string]: string }>> {
  const secret = await secrets.read('bearer' in settings ? settings.bearer : settings.secret);
  if (!secret.ok) return secret;
  if ('bearer' in settings) return accept({ authorization: `Bearer ${secret.value}` });
  return accept({ authorization: `Basic ${Buffer.from(`${settings.user}:${secret.value}`).toString('base64')}` });
}

/** The trust a check's `tls` section asks for, its authority read. */
export async function openTls(settings: z.output<typeof Tls>, edge: CheckEdge): Promise<Result<TlsOptions>> {
  const { ca, ...rest } = settings;
  if (ca === undefined) return accept(rest);
  try {
    return accept({ ...rest, ca: await readFile(isAbsolute(ca) ? ca : join(edge.folder, ca), 'utf8') });
  } catch {
    return refuse('file-unreadable', 'The authority to trust cannot be read.', {
      where: ca,
      expected: 'a file in PEM form',
    });
  }
}

/** What a check finds when its own means are missing: nothing is known of what it watches. */
export function unable({ refusal: { code, where = '' } }: { refusal: { code: string; where?: string } }): Finding {
  return isCheckCode(code)
    ? unanswered('noAnswer', code, where)
    : unanswered('noAnswer', 'means-missing', `${code} ${where}`);
}
