import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';
import { Grant } from './roles.ts';

const id = z.string().min(1).max(200);
/** Acts are named freely here: a journal outlives the table of today. */
const act = z.string().min(1).max(100);

/**
 * Something that concerns people's access: a sign-in, a credential added, a card renewed. In ids only; names live in the
 * erasable store. `what` is one of those the access room announces; the other members are its details.
 */
export const accessNoted = defineEvent(
  'AccessNoted',
  1,
  z.object({
    what: z.string().min(1).max(60),
    person: id.optional(),
    details: z.record(z.string().max(60), z.union([z.string().max(200), z.number(), z.boolean(), z.null()])),
  }),
);

/** From now on this person holds these rights and no other. Nobody's rights are anything but the last of these. */
export const grantsChanged = defineEvent(
  'GrantsChanged',
  1,
  z.object({ person: id, grants: z.array(Grant).max(200), by: z.string() }),
);

/** An act that two people answer for was asked by the first; `asked` is the room's own command. */
export const approvalAsked = defineEvent(
  'ApprovalAsked',
  1,
  z.object({
    approval: id,
    act,
    asked: z.looseObject({ type: z.string() }),
    askedBy: z.string(),
    until: z.iso.datetime(),
  }),
);

/** The second person agreed; what was asked is decided in the same breath. */
export const approvalGiven = defineEvent(
  'ApprovalGiven',
  1,
  z.object({ approval: id, by: z.string(), how: z.enum(['ownSession', 'spokenCode']) }),
);

export const approvalEnded = defineEvent(
  'ApprovalEnded',
  1,
  z.object({ approval: id, why: z.enum(['declined', 'withdrawn', 'expired']), by: z.string() }),
);

/** Free texts and names kept under this subject are to become unreadable for ever. */
export const erasureOrdered = defineEvent('ErasureOrdered', 1, z.object({ subject: id, by: z.string() }));

/** Their key is gone, and with it every copy; the seal stays valid. */
export const privateErased = defineEvent('PrivateErased', 1, z.object({ subject: id }));

export const accessEvents = [
  accessNoted,
  grantsChanged,
  approvalAsked,
  approvalGiven,
  approvalEnded,
  erasureOrdered,
  privateErased,
] as const;
export type AccessRoomEvent = EventIn<typeof accessEvents>;
