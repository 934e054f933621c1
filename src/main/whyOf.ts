import { Refused } from '../journal/result.ts';

/** Node gives errors of the system a code; others may have one of their library. */
const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * What a log may say of an error: a refusal's code, or the class and code of an unexpected error with the place it came from.
 * Never its message: those of parsers and databases quote what they were given, which may be a patient's.
 */
export function whyOf(error: unknown): string {
  if (error instanceof Refused) return error.refusal.code;
  if (error instanceof SuppressedError) return `${whyOf(error.suppressed)}, then ${whyOf(error.error)}`;
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  return [error.name, codeOf(error), placeOf(error)].filter((part) => part !== undefined).join(' ');
}

/** `queue.ts:120`: the first place of the stack, whose lines come after a message that is left out. */
function placeOf({ stack = '', message }: Error): string | undefined {
  const places = stack.slice(stack.indexOf(message) + message.length);
  return /([\w.-]+\.(?:ts|tsx|js|mjs|cjs):\d+):\d+\)?$/m.exec(places)?.[1];
}
