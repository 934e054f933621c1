import { z } from 'zod';

/** What the hub and a scanner say to each other (wire.ts says how). What a scanner says is believed no further than its schema. */

/** A file of rules as read from disk. */
export interface RuleText {
  file: string;
  text: string;
}

export interface ContentHead {
  number: number;
  bytes: number;
}

const rule = z.string().max(300);
const reason = z.string().max(600);
export const Facts = z.object({
  bytes: z.number(),
  rules: z.array(rule).max(1000),
  inside: z.array(z.object({ path: z.string().max(4000), rule })).max(1000),
  format: z.string().max(40).nullable(),
  structure: z.enum(['whole', 'damaged', 'overwritten']).nullable(),
  evenness: z.object({
    blocks: z.number(),
    even: z.number(),
    head: z.boolean(),
    tail: z.boolean(),
    stretches: z.number(),
    evenStretches: z.number(),
  }),
  rows: z.array(z.object({ table: z.string().max(300), rows: z.number() })).max(10_000),
  notExamined: z.array(reason).max(1000),
});

export const Said = z.discriminatedUnion('said', [
  /** `engine` is null where no rule can be applied on this machine; `refused` are the files of rules that do not compile. */
  z.object({
    said: z.literal('ready'),
    engine: z.string().max(100).nullable(),
    refused: z.array(z.object({ file: z.string(), reason: z.string() })),
  }),
  /** A blob of this content is not what its id names: nothing of the content is told. */
  z.object({ said: z.literal('broken'), number: z.number(), blob: z.string().max(64) }),
  z.object({ said: z.literal('done'), number: z.number(), facts: Facts }),
]);
export type Said = z.infer<typeof Said>;
