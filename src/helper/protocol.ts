import { z } from 'zod';
import { RefusalShape } from '../journal/refusalShape.ts';

/**
 * The helper's whole vocabulary: what the hub may ask of the only privileged process, and what it hears back.
 * One JSON object per line, both ways. A verb, field or value not described here is refused unread.
 */
export const protocolVersion = 1;

/** A request is small plain data; anything longer is an attack or a defect. */
export const requestBytesMax = 65_536;
/** A proof of a full room is the longest answer. */
export const answerBytesMax = 4_194_304;
/** The addresses of a room's network, and a hospital restored in one room: far fewer services than this. */
export const membersMax = 64;
const portsPerMemberMax = 16;

/** `constructor` and its kin are refused: ids become keys of plain objects. */
const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'an id of at most 128 letters, digits, . _ : -')
  .refine((id) => !(id in {}), 'an id that is no word of the language');
export const AbsolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\0\n]*$/, 'an absolute path')
  .refine(
    (path) =>
      path === '/' ||
      path
        .slice(1)
        .split('/')
        .every((part) => part !== '' && part !== '.' && part !== '..'),
    'a path without empty, `.` or `..` parts',
  );
const Port = z.int().min(1).max(65_535);
const Epoch = z.int().min(0);

/** The same shape as `MemberSpec` of the restore room, bounded. */
export const MemberRequest = z.strictObject({
  id: Id,
  program: Id,
  dataDirectory: AbsolutePath,
  listens: z
    .array(Port)
    .min(1)
    .max(portsPerMemberMax)
    .refine((ports) => new Set(ports).size === ports.length, 'ports that differ'),
  reaches: z.array(z.strictObject({ member: Id, port: Port })).max(membersMax),
  settings: z
    .unknown()
    // A record would pass over this one name in silence.
    .refine((settings) => !Object.hasOwn(Object(settings), '__proto__'), 'names that are no word of the language')
    .pipe(z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/), z.union([z.string().max(200), z.number()])))
    .refine((settings) => Object.keys(settings).length <= 32, 'at most 32 settings'),
});
export type MemberRequest = z.infer<typeof MemberRequest>;

const id = z.int().min(0);
export const Request = z.discriminatedUnion('verb', [
  z.strictObject({ id, verb: z.literal('openRoom'), room: Id, epoch: Epoch, folder: AbsolutePath }),
  z.strictObject({ id, verb: z.literal('startMember'), room: Id, epoch: Epoch, member: MemberRequest }),
  z.strictObject({ id, verb: z.literal('stopMember'), room: Id, epoch: Epoch, member: Id }),
  z.strictObject({ id, verb: z.literal('proveIsolation'), room: Id, epoch: Epoch }),
  z.strictObject({ id, verb: z.literal('closeRoom'), room: Id, epoch: Epoch }),
  z.strictObject({ id, verb: z.literal('status') }),
]);
export type Request = z.infer<typeof Request>;
export type Verb = Request['verb'];

const Limits = z.object({
  /** `none`: cgroups could not be written; the room works, its members are not bounded. */
  cgroup: z.enum(['v1', 'v2', 'v1+v2', 'none']),
  controllers: z.array(z.string()),
  reason: z.string().optional(),
});

/** What each verb answers when it is obeyed. */
export const answers = {
  openRoom: z.object({ endedOrphans: z.array(z.number()) }),
  startMember: z.object({
    id: z.string(),
    pid: z.number(),
    address: z.string(),
    gateway: z.record(z.string(), z.string()),
  }),
  stopMember: z.null(),
  proveIsolation: z.object({
    provedAt: z.string(),
    attempts: z.array(z.object({ path: z.string(), target: z.string(), escaped: z.boolean(), observed: z.string() })),
    escaped: z.number(),
  }),
  closeRoom: z.null(),
  status: z.object({
    protocol: z.number(),
    pid: z.number(),
    epoch: z.number(),
    limits: Limits,
    programs: z.array(z.string()),
    rooms: z.array(
      z.object({
        id: z.string(),
        epoch: z.number(),
        folder: z.string(),
        members: z.array(z.object({ id: z.string(), address: z.string(), running: z.boolean() })),
      }),
    ),
  }),
} satisfies { [verb in Verb]: z.ZodType };
export type Answer<Asked extends Verb> = z.infer<(typeof answers)[Asked]>;

/** `id` is that of the request; null when the request could not be read far enough to know it. */
export const Reply = z.union([
  z.object({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ id: z.int().nullable(), ok: z.literal(false), refusal: RefusalShape }),
]);
