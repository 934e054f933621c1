import { readAcknowledgement } from './ack.ts';
import { framed, unframed } from './frame.ts';

/** What an HL7 receiver may send back. */
export const fuzz = {
  name: 'hl7-ack',
  seeds: (): Uint8Array[] =>
    [
      'MSH|^~\\&|LIS|CHU|REFLEXE||20240803110000||ACK|1|P|2.5\rMSA|AA|42\r',
      'MSH|^~\\&|LIS|CHU|REFLEXE||20240803110000||ACK^N01^ACK|1|P|2.5^FRA^2.11|||||FRA|UNICODE UTF-8\rMSA|AR|42|inconnu\rERR|||200\r',
      'MSH#^~\\&#LIS\nMSA#CE#7',
    ].map(framed),
  run(input: Uint8Array): void {
    const message = unframed(input);
    if (message === undefined) return;
    const read = readAcknowledgement(message);
    if (read !== undefined && !/^[AC][AER]$/.test(read.code)) throw new Error(`not a code: ${read.code}`);
  },
};
