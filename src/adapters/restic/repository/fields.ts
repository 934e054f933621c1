/**
 * Values of JSON that another wrote, read by hand: a library of schemas takes a fifth of the time that opening a repository does to be
 * loaded, and half of it to read an index.
 */
export type Fields = { readonly [name: string]: unknown };

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** SHA-256, in hexadecimal. */
export const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

export const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

/** Undefined where it is none. */
export const base64 = (value: unknown): Buffer | undefined =>
  isText(value) && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
    ? Buffer.from(value, 'base64')
    : undefined;
