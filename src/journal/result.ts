/**
 * An expected failure: what it is about, what was expected, what was kept, what to do.
 * `code` is stable and documented; messages are written for the person who reads them at 03:00.
 */
export interface Refusal {
  code: string;
  message: string;
  /** The file, line, field or thing concerned, when there is one. */
  where?: string;
  expected?: string;
  kept?: string;
  cure?: string;
  /** True where the same call may succeed later, unchanged. */
  retryable: boolean;
}

export interface Refused {
  ok: false;
  refusal: Refusal;
}

export type Result<Value> = { ok: true; value: Value } | Refused;

export const accept = <Value>(value: Value): Result<Value> => ({ ok: true, value });

export function refuse(code: string, message: string, more: Partial<Omit<Refusal, 'code' | 'message'>> = {}): Refused {
  return { ok: false, refusal: { code, message, retryable: false, ...more } };
}
