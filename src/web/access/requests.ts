import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Role } from '../../access/roles.ts';
import type { Refusal } from '../../journal/result.ts';
import type { RefusedBody, SessionBody, SessionsBody, WorldInfo } from '../../server/protocol.ts';

export interface Session {
  person: { id: string; displayName: string; roles: Role[] };
  session: SessionBody['session'];
}

/** `isNew`: nobody has an account yet, the one-time link makes the first. */
export interface SignedOut {
  person: null;
  isNew: boolean;
}

/** Sessions of the person, over every device. */
export type OwnSession = SessionsBody['sessions'][number];

/** A request the server refused, or that never reached it (`unreachable`). */
export class Refused extends Error {
  readonly refusal: Refusal;
  readonly status: number;
  constructor(refusal: Refusal, status: number) {
    super(refusal.code);
    this.refusal = refusal;
    this.status = status;
  }
}

export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refused ? error.refusal : { code: 'interface-broken', message: String(error), retryable: true };

/** Asks the person to prove again who they are; false: they would rather not. Set by the card that does. */
let askProof: (() => Promise<boolean>) | undefined;
export function provesBy(prover: () => Promise<boolean>): () => void {
  askProof = prover;
  return () => {
    if (askProof === prover) askProof = undefined;
  };
}

/** An act refused for want of a recent proof is done once the proof is given: what was typed stays where it is. */
export async function ask<Answer>(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  /** Which version of the thing the person had before their eyes: an act on another is refused. */
  version?: number,
): Promise<Answer> {
  return proved(async () => {
    const text = await (await answered(method, path, body, version)).text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  });
}

/** A file that an act hands over: its bytes, and what was said beside them. `received` is told how many are here. */
export function askFile(
  path: string,
  body: object,
  received: (bytes: number) => void,
): Promise<{ file: Blob; headers: Headers }> {
  return proved(async () => {
    const { body: stream, headers } = await answered('POST', path, body, undefined);
    let bytes = 0;
    const counted = stream?.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(part, on) {
          bytes += part.byteLength;
          received(bytes);
          on.enqueue(part);
        },
      }),
    );
    try {
      return { file: await new Response(counted ?? null).blob(), headers };
    } catch {
      throw unreachable();
    }
  });
}

async function proved<Answer>(doing: () => Promise<Answer>): Promise<Answer> {
  try {
    return await doing();
  } catch (error) {
    const wantsProof = error instanceof Refused && error.refusal.code === 'proof-too-old';
    if (!wantsProof || askProof === undefined || !(await askProof())) throw error;
    return doing();
  }
}

const unreachable = () => new Refused({ code: 'unreachable', message: 'The hub did not answer.', retryable: true }, 0);

/** `x-reflexe` cannot be set by a form of another site: it is the proof that the act comes from this interface. */
async function answered(
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
  version: number | undefined,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      cache: 'no-store',
      headers: {
        'x-reflexe': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw new Refused(refusedBody(await response.text(), response.status), response.status);
  return response;
}

function refusedBody(text: string, status: number): Refusal {
  try {
    const { error } = JSON.parse(text) as RefusedBody;
    if (typeof error.code === 'string') return error;
  } catch {
    // A proxy answered in its own words.
  }
  return { code: `http-${status}`, message: `HTTP ${status}`, retryable: status >= 500 };
}

export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: (): Promise<Session | SignedOut> =>
      ask<Session>('GET', '/api/session').catch((error: unknown): SignedOut => {
        if (error instanceof Refused && error.status === 401)
          return { person: null, isNew: error.refusal.code === 'first-sign-in' };
        throw error;
      }),
  });
}

export function useWorlds() {
  return useQuery({
    queryKey: ['worlds'],
    queryFn: () => ask<{ worlds: WorldInfo[]; lab: boolean }>('GET', '/api/worlds'),
    refetchInterval: 10_000,
  });
}

/** An act of a person. What it changed arrives by the feed; what was refused stays beside the button. */
export function useAct<Body extends object | undefined = undefined, Answer = unknown>(
  path: string,
  refreshes: string[] = [],
  version?: number,
) {
  const client = useQueryClient();
  return useMutation<Answer, Error, Body>({
    mutationFn: (body) => ask<Answer>('POST', path, body ?? {}, version),
    onSuccess: () => Promise.all(refreshes.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export const useWorldAct = <Body extends object>(world: string, act: string, version?: number) =>
  useAct<Body>(`/api/worlds/${encodeURIComponent(world)}/${act}`, [], version);
