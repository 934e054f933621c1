import { type Answering, answering } from '../fixtures/answering.ts';
import { DicomProbe } from '../probes/dicom.ts';
import { echo } from './echo.ts';

const probe = new DicomProbe({ kind: 'dicom', calling: 'REFLEXE', called: 'ARCHIVE' });
const never = new AbortController().signal;
/** As a real archive answered once (DICOM PS3.8): association accepted, response to C-ECHO, to C-FIND with one study, release. */
const accepted =
  'AgAAAAC4AAEAAEIgICAgICAgICAgICAgICBBICAgICAgICAgICAgICAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAVMS4yLjg0MC4xMDAwOC4zLjEuMS4xIQAAGQEAAABAAAARMS4yLjg0MC4xMDAwOC4xLjJQAAA6UQAABAAEAABSAAAaMS4yLjgyNi4wLjEuMzY4MDA0My4xMC44NTRVAAAQRENNSlMtRElNU0UtVjAuMg==';
const echoed =
  'BAAAAABUAAAAUAEDAAAAAAQAAABCAAAAAAACABIAAAAxLjIuODQwLjEwMDA4LjEuMQAAAAABAgAAADCAAAAgAQIAAAABAAAAAAgCAAAAAQEAAAAJAgAAAAAA';
const found =
  'BAAAAABeAAAAWgEDAAAAAAQAAABMAAAAAAACABwAAAAxLjIuODQwLjEwMDA4LjUuMS40LjEuMi4yLjEAAAAAAQIAAAAggAAAIAECAAAAAQAAAAAIAgAAAAICAAAACQIAAAAA/wQAAAAAFAAAABABAiAADQAGAAAAMS4yLjMABAAAAABeAAAAWgEDAAAAAAQAAABMAAAAAAACABwAAAAxLjIuODQwLjEwMDA4LjUuMS40LjEuMi4yLjEAAAAAAQIAAAAggAAAIAECAAAAAQAAAAAIAgAAAAEBAAAACQIAAAAAAA==';
const released = 'BgAAAAAEAAAAAA==';
let opened: Promise<Answering> | undefined;

/** What an archive says may be a patient's: the libraries must not repeat it on the console. */
let overheard: string | undefined;
function listen(): Promise<Answering> {
  for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    console[level] = (...words: unknown[]) => {
      overheard = words.map(String).join(' ').slice(0, 200);
    };
  }
  return answering();
}

/** First byte: echo or query; the rest is what an image archive answers, whole. */
export const fuzz = {
  name: 'dicom-answers',
  seeds: (): Uint8Array[] =>
    [
      [0, accepted, echoed, released] as const,
      [1, accepted, found, released] as const,
      [0, 'AwAAAAAEAAEBBw=='] as const,
      [1, accepted, 'BwAAAAAEAAAAAA=='] as const,
    ].map(([who, ...parts]) => Buffer.concat([Buffer.of(who), ...parts.map((part) => Buffer.from(part, 'base64'))])),
  async run(input: Uint8Array): Promise<void> {
    opened ??= listen();
    const peer = await opened;
    overheard = undefined;
    peer.say(input.subarray(1));
    await ask((input[0] ?? 0) % 2 === 1, peer);
    if (overheard !== undefined) throw new Error(`on the console: ${overheard}`);
  },
};

async function ask(asQuery: boolean, peer: Answering): Promise<void> {
  if (asQuery) {
    const asked = await probe.ask(`127.0.0.1:${peer.port}`, never);
    if (asked.ok && asked.value.some(({ value }) => !Number.isSafeInteger(value))) throw new Error('no count');
    return;
  }
  const names = { callingAeTitle: 'REFLEXE', calledAeTitle: 'ARCHIVE' };
  try {
    const answer = await echo({ host: '127.0.0.1', port: peer.port, ...names }, never);
    if ('status' in answer && answer.status !== null && !Number.isInteger(answer.status))
      throw new RangeError('no status');
  } catch (error) {
    // A network's failure, as the check tells it; anything else is a defect.
    if (error instanceof RangeError || error instanceof TypeError) throw error;
  }
}
