import { parseArgs } from 'node:util';
import type { Refusal } from '../journal/result.ts';
import { confine, isConfined } from './confine.ts';
import { startHelper } from './helper.ts';

const usage = `usage: node main.ts --socket PATH --state DIR --allow-uid UID [--programs FILE] [--rooms DIR] [--lifeline]

The only privileged process of Reflexe: makes the clean room for the hub whose user is UID. Run as root.
  --socket PATH     Unix socket it listens on; its folder must be closed to other users
  --state DIR       its own folder: record, logs, gateways; at most 70 characters
  --allow-uid UID   the hub's user: owner of the socket, of the gateways and of the rooms' folders
  --programs FILE   JSON owned by root: programs a member may run, beside the built-in ones
  --rooms DIR       refuse rooms whose folder is not inside DIR
  --lifeline        close every room and end when standard input ends`;

function complain(refusal: Refusal): void {
  const { code, message, expected, kept, cure } = refusal;
  const more = [expected && `expected: ${expected}`, kept && `kept: ${kept}`, cure && `what to do: ${cure}`].filter(
    Boolean,
  );
  process.stderr.write(`${[`${code}: ${message}`, ...more].join('\n  ')}\n`);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        socket: { type: 'string' },
        state: { type: 'string' },
        programs: { type: 'string' },
        rooms: { type: 'string' },
        'allow-uid': { type: 'string' },
        lifeline: { type: 'boolean', default: false },
        confined: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { socket, state, help } = values;
    if (!help && socket?.startsWith('/') && state?.startsWith('/') && /^\d+$/.test(values['allow-uid'] ?? '')) {
      return { ...values, socket, state, uid: Number(values['allow-uid']) };
    }
  } catch {
    // An option it does not know.
  }
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const given = readArguments();
if (process.platform === 'linux' && process.getuid?.() === 0) {
  // The first life only gives up what no later one may have; `--confined` is its word to the second, which looks itself.
  const failed = given.confined ? undefined : confine([...process.execArgv, ...process.argv.slice(1), '--confined']);
  if (failed !== undefined || !isConfined()) {
    if (failed !== undefined) complain(failed);
    else process.stderr.write('helper-not-confined: --confined was said, and the kernel says otherwise\n');
    process.exit(1);
  }
}
const helper = await startHelper({
  socket: given.socket,
  folder: given.state,
  hubUid: given.uid,
  ...(given.programs === undefined ? {} : { programsFile: given.programs }),
  ...(given.rooms === undefined ? {} : { roomsFolder: given.rooms }),
});
if (!helper.ok) {
  complain(helper.refusal);
  process.exit(1);
}
const { value: living } = helper;
living.unsettled.forEach(complain);

let ending = false;
/** Ended by a signal, members go on and the next life finds them; ended by its lifeline, it leaves nothing. */
async function stop(closeRooms: boolean): Promise<void> {
  if (ending) return;
  ending = true;
  const left = await living.stop({ closeRooms });
  left.forEach(complain);
  process.exit(left.length === 0 ? 0 : 1);
}
process.on('SIGTERM', () => void stop(false));
process.on('SIGINT', () => void stop(false));
process.on('SIGHUP', () => {});
if (given.lifeline)
  process.stdin
    .on('end', () => void stop(true))
    .on('error', () => void stop(true))
    .resume();
process.stdout.on('error', () => {});
process.stdout.write('ready\n');
