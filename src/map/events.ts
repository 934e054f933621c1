import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';

/** The whole map, replaced by one reviewed change; the document is content-addressed. */
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

export const mapEvents = [mapImported] as const;
export type MapEvent = EventIn<typeof mapEvents>;
