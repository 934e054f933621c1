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

export interface Refusing {
  ok: false;
  refusal: Refusal;
}

export type Result<Value> = { ok: true; value: Value } | Refusing;

export const accept = <Value>(value: Value): Result<Value> => ({ ok: true, value });

export function refuse(code: string, message: string, more: Partial<Omit<Refusal, 'code' | 'message'>> = {}): Refusing {
  return { ok: false, refusal: { code, message, retryable: false, ...more } };
}

/** How a port that returns no `Result` refuses: the caller at the border turns it back into a refusal. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}
