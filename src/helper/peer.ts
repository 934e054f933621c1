import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { run, type Tools } from './room/tools.ts';

const script = fileURLToPath(new URL('./peer.pl', import.meta.url));
/** A dozen lines of Perl: longer means this machine is not running anything. */
const peerMilliseconds = 10_000;

/** Who opened a connection, by the kernel's word (SO_PEERCRED). */
export interface Peer {
  pid: number;
  uid: number;
}

/** Node has no way to ask, but lends the connection to a program that has: nothing is read from it meanwhile. */
const Lent = z.object({ _handle: z.object({ fd: z.int().min(3) }) });
const Said = z
  .string()
  .regex(/^-?\d+ \d+ \d+\n$/)
  .transform((text) => text.trim().split(' ').map(Number))
  .pipe(z.tuple([z.int(), z.int().min(0), z.int().min(0)]));

/** Undefined when it cannot be known: then nobody is let in. */
export async function peerOf({ perl }: Tools, socket: Socket): Promise<Peer | undefined> {
  const lent = Lent.safeParse(socket);
  if (!lent.success) return undefined;
  const answered = await run(perl, [script], {
    descriptors: [lent.data._handle.fd],
    millisecondsMax: peerMilliseconds,
  });
  const said = answered.ok ? Said.safeParse(answered.value) : undefined;
  return said?.success ? { pid: said.data[0], uid: said.data[1] } : undefined;
}
