import { type Answering, answering } from '../fixtures/answering.ts';
import { tryCheck } from '../fixtures/checking.ts';
import { Hl7Probe } from '../probes/hl7.ts';
import { framed } from './frame.ts';

const probe = new Hl7Probe({
  kind: 'hl7',
  receiving: { application: 'LIS', facility: 'CHU' },
  counts: [{ name: 'patients', parameters: '@PID.3.1^1' }],
});
const never = new AbortController().signal;
/** Stands for the id of the message asked, which no input can guess. */
const idMark = '@ID@';
let opened: Promise<Answering> | undefined;

/** First byte: check or clinical probe; the rest is what an HL7 interface answers on MLLP. */
export const fuzz = {
  name: 'hl7-answers',
  seeds(): Uint8Array[] {
    const head = 'MSH|^~\\&|LIS|CHU|REFLEXE||20240803110000||RSP^K22|1|P|2.5\r';
    const of = (who: number, text: string) => Buffer.concat([Buffer.of(who), framed(text)]);
    return [
      of(0, `${head}MSA|AA|${idMark}\r`),
      of(0, `${head}MSA|AR|${idMark}|inconnu\rERR|||200\r`),
      of(1, `${head}MSA|AA|${idMark}\rQAK|q|OK|Q22|12\r`),
      of(1, `MSH#^~\\&#LIS\rMSA#AA#${idMark}\rQAK#q#OK#Q22#x\r`),
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    opened ??= answering();
    const peer = await opened;
    const text = Buffer.from(input.subarray(1)).toString('latin1');
    peer.say((question) => {
      const id = question.toString('latin1').split('|')[9] ?? '';
      return Buffer.from(text.replaceAll(idMark, id), 'latin1');
    });
    if ((input[0] ?? 0) % 2 === 1) {
      const asked = await probe.ask(`127.0.0.1:${peer.port}`, never);
      if (asked.ok && asked.value.some(({ value }) => !Number.isSafeInteger(value))) throw new Error('no count');
      return;
    }
    const { code } = await tryCheck({ kind: 'mllp', host: '127.0.0.1', port: peer.port });
    if (code === 'check-error') throw new Error('the check itself broke');
  },
};
