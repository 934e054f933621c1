import type { z } from 'zod';

/** Plain data: what a journal, a snapshot or a wire message may hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A free-text or personal part of an event: encrypted under the erasable key of `subject`, never sealed in clear. */
export interface PrivatePart {
  /** Whose key: erasing that key makes every private part under it unreadable; the seal stays valid. */
  subject: string;
  data: { [key: string]: Json };
}

/** What a room decides: a fact not yet in the journal. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  type: Type;
  data: Data;
  private?: PrivatePart;
  /** Large bodies, named in `data` by their SHA-256 (`sha256:<hex>`); durable before the event that names them. */
  documents?: { [hash: string]: Json };
}

/** A durable fact, as folds read it: upcast to today's schema, private part decrypted where its key still exists. */
export interface RecordedEvent<Type extends string = string, Data = unknown> {
  establishment: string;
  epoch: number;
  sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  /** Who or what did it: `person:<id>`, `worker:<name>`, `ticker`, `import`. */
  actor: string;
  type: Type;
  data: Data;
  /** `null`: there was one and its key was erased. Absent: there was none. */
  private?: { [key: string]: Json } | null;
  documents?: { [hash: string]: Json };
}

/** One older shape of an event, brought one version up. Pure; applied on reading, stored bytes never change. */
export type Upcaster = (data: Json) => Json;

export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  type: Type;
  version: number;
  schema: Schema;
  /** `upcasters[0]` brings version 1 to 2, and so on: always `version - 1` of them. */
  upcasters: readonly Upcaster[];
  /** The short fact a new event of this kind is made of. */
  of(data: z.infer<Schema>, extra?: Pick<NewEvent, 'private' | 'documents'>): NewEvent<Type, z.infer<Schema>>;
}

/** Declares a published event: its type, schema version, schema and upcasters live side by side. */
export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  version: number,
  schema: Schema,
  upcasters: readonly Upcaster[] = [],
): EventDefinition<Type, Schema> {
  if (upcasters.length !== version - 1) {
    throw new Error(`event ${type}: version ${version} needs ${version - 1} upcasters, found ${upcasters.length}`);
  }
  return { type, version, schema, upcasters, of: (data, extra) => ({ type, data, ...extra }) };
}

/** The union of recorded events a list of definitions declares: what `evolve` switches over. */
export type EventIn<Definitions extends readonly EventDefinition[]> = {
  [Index in keyof Definitions]: Definitions[Index] extends EventDefinition<infer Type, infer Schema>
    ? RecordedEvent<Type, z.infer<Schema>>
    : never;
}[number];
