import { z } from 'zod';
import { accept, type Result, refuse } from '../journal/result.ts';

/** JSON from outside: bounded in depth, and without the members that would touch a prototype. Empty: no body. */
export function parseBody(text: string, nestingMax: number): Result<unknown> {
  if (text.trim() === '') return accept(undefined);
  if (nestingOf(text) > nestingMax) return malformed(`nested ${nestingMax} deep at most`);
  let hasPrototypeMember = false;
  try {
    const value: unknown = JSON.parse(text, (name, member: unknown) => {
      if (name === '__proto__' || (name === 'constructor' && isObjectWithPrototype(member))) hasPrototypeMember = true;
      return member;
    });
    return hasPrototypeMember ? malformed('no member that names a prototype') : accept(value);
  } catch {
    return malformed('JSON, in UTF-8');
  }
}

const isObjectWithPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');

function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isQuoted) {
      if (character === '\\') index += 1;
      else if (character === '"') isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

const malformed = (expected: string) =>
  refuse('body-malformed', 'What was sent cannot be read.', { where: 'body', expected, kept: 'Nothing was changed.' });

/** Says which members are wrong and what they should be, never what they were. */
export function validBody<Body extends z.ZodType>(schema: Body, body: unknown): Result<z.infer<Body>> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return accept(parsed.data);
  const [first] = parsed.error.issues;
  const places = parsed.error.issues.slice(0, 10).map((issue) => z.core.toDotPath(issue.path) || 'body');
  return refuse('body-invalid', 'Something in the form is not as expected.', {
    where: [...new Set(places)].join(', '),
    ...(first === undefined ? {} : { expected: first.message }),
    kept: 'Nothing was changed.',
    cure: 'Correct it and send it again.',
  });
}
