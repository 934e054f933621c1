import { z } from 'zod';

/**
 * What the hub and a scanner say to each other. Hub → scanner, on its standard input: frames of a kind (one byte), a length (four,
 * little-endian) and that many bytes. Scanner → hub, on its standard output: lines of JSON, believed no further than their schema.
 */
export const frame = {
  /** JSON: `RuleText[]`; first of all. */
  rules: 1,
  /** JSON: `{number, bytes}`; its bytes follow in `data` frames. */
  content: 2,
  data: 3,
  /** The content is all there. */
  end: 4,
  /** It will never be: forget it. */
  abandon: 5,
} as const;

export const frameHeadBytes = 5;

export function framed(kind: number, length: number): Buffer {
  const head = Buffer.alloc(frameHeadBytes);
  head.writeUInt8(kind, 0);
  head.writeUInt32LE(length, 1);
  return head;
}

/** A file of rules as read from disk. */
export const RuleText = z.object({ file: z.string(), text: z.string() });
export type RuleText = z.infer<typeof RuleText>;

export const ContentHead = z.object({ number: z.int().min(0), bytes: z.int().min(0) });

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
  z.object({ said: z.literal('begun'), number: z.number() }),
  z.object({ said: z.literal('done'), number: z.number(), facts: Facts }),
]);
export type Said = z.infer<typeof Said>;

/** A longer line comes from no scanner of ours. */
export const lineBytesMax = 4 * 1024 * 1024;
