import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';

/** The first whole map; the document is content-addressed. Journals of the first release also replaced a map so. */
export const mapImported = defineEvent(
  'MapImported',
  1,
  z.object({
    /** `sha256:<hex>` of the canonical `HospitalMap`. */
    document: z.string(),
    /** The document it replaces; absent for the first. */
    replaces: z.string().optional(),
    source: z.string(),
    careFunctions: z.number(),
    components: z.number(),
  }),
);

const SectionCount = z.object({ added: z.number(), changed: z.number(), removed: z.number() });

/** What the columns of a table were taken to mean: the next table with the same headings is read so too. */
export const ColumnMapping = z.object({
  table: z.string(),
  /** By heading; null: left out. */
  columns: z.record(z.string(), z.string().nullable()),
  kind: z.string().optional(),
  sheet: z.string().optional(),
});
export type ColumnMapping = z.infer<typeof ColumnMapping>;

/** Some things of the map put on it, changed, moved or taken off it, together. */
export const mapChanged = defineEvent(
  'MapChanged',
  1,
  z.object({
    /** `sha256:<hex>` of the canonical list of `MapChange`. */
    document: z.string(),
    /** `person`, `undo`, `import:<kind>`, or the folder a whole map was read from. */
    source: z.string(),
    /** By section; what was moved was changed. */
    counts: z.record(z.string(), SectionCount),
    /** Sequence of the change it takes back. */
    undoes: z.number().optional(),
    import: z
      .object({
        /** The tool, as things' `origin.from` says it. */
        from: z.string(),
        /** `sha256:<hex>` of what the tool said: what people change since is told apart from what it changes. */
        memory: z.string(),
        mapping: ColumnMapping.optional(),
      })
      .optional(),
  }),
);

export const mapEvents = [mapImported, mapChanged] as const;
export type MapEvent = EventIn<typeof mapEvents>;
