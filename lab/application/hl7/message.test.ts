import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { acknowledge } from './acknowledgement.ts';
import { frame, MESSAGE_BYTES_MAX, Unframer } from './framing.ts';
import { readIdentity } from './identity.ts';
import { decode, Hl7Refusal, instant, Message } from './message.ts';
import { stayOf } from './movements.ts';

const header = (charset: string) => `MSH|^~\\&|GAM|CHVS|DPI|CHVS|20260301||ADT^A01^ADT_A01|7|P|2.5|||||FRA|${charset}`;
const PID =
  'PID|1||80000001^^^CHVS&990000001&N^PI~279035121518989^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS||LEFÈVRE^ZOÉ^ANNE^^^^L~DURAND^ZOÉ^^^^^D||19790328|F|||1 rue \\T\\ cour^^Apt^^84400^FRA^H~^^Metz^^^^BDL^^57463|||||||26000001^^^CHVS^AN||||||||||||||QUAL';

describe('MLLP framing', () => {
  it('gives whole messages whatever the pieces they arrive in', () => {
    const stream = Buffer.concat([Buffer.from('noise'), frame(Buffer.from('one')), frame(Buffer.from('two\x1cthree'))]);
    for (let cut = 0; cut <= stream.length; cut++) {
      const unframer = new Unframer();
      const found = [...unframer.push(stream.subarray(0, cut)), ...unframer.push(stream.subarray(cut))];
      expect(found.map(String)).toEqual(['one', 'two\x1cthree']);
    }
  });

  it('refuses a message that never ends', () => {
    const unframer = new Unframer();
    unframer.push(Buffer.from([0x0b]));
    expect(() => unframer.push(Buffer.alloc(MESSAGE_BYTES_MAX + 1, 0x41))).toThrow(/larger than/);
  });
});

describe('HL7 v2 messages', () => {
  it.each([
    ['UNICODE UTF-8', 'utf8'],
    ['8859/1', 'latin1'],
    ['', 'utf8'],
    ['', 'latin1'],
  ] as const)('reads accents with MSH-18 %j in %s', (charset, encoding) => {
    const { text } = decode(Buffer.from(`${header(charset)}\r${PID}\r`, encoding));
    expect(readIdentity(new Message(text)).birthName).toBe('LEFÈVRE');
  });

  it('reads the identity as IHE PAM France writes it', () => {
    const message = new Message(`${header('UNICODE UTF-8')}\r${PID}\r`);
    expect(readIdentity(message)).toMatchObject({
      ipp: '80000001',
      birthName: 'LEFÈVRE',
      usedName: 'DURAND',
      givenNames: 'ZOÉ ANNE',
      birthDate: '1979-03-28',
      birthPlaceInsee: '57463',
      insMatricule: '279035121518989',
      insOid: '1.2.250.1.213.1.4.10',
      address: '1 rue & cour',
    });
    expect(stayOf(message)).toBe('26000001');
  });

  it('takes the patient but not the matricule when the identity is not qualified', () => {
    const identity = readIdentity(new Message(`${header('')}\r${PID.replace('QUAL', 'VALI')}\r`));
    expect(identity).toMatchObject({ insStatus: 'VALI', insMatricule: null, insOid: null });
  });

  it('says where a field is missing or wrong', () => {
    const without = new Message(`${header('')}\r${PID.replace('19790328', '')}\r`);
    expect(() => readIdentity(without)).toThrow(expect.objectContaining({ where: 'PID^1^7', acknowledgement: 'AE' }));
    expect(() => new Message('PID|1')).toThrow(Hl7Refusal);
    expect(() => instant('last tuesday', 'PV1^1^44')).toThrow(/PV1\^1\^44/);
  });

  it('answers to the sender, naming the message and, when refused, the place', () => {
    const message = new Message(`${header('UNICODE UTF-8')}\r`);
    const refused = String(
      acknowledge(message, 'UNICODE UTF-8', new Hl7Refusal('AE', '204', 'PID^1^18', 'no such stay')),
    );
    const lines = refused.split('\r');
    expect(lines[0]).toMatch(/^MSH\|\^~\\&\|DPI\|CHVS\|GAM\|CHVS\|.*\|ACK\^A01\^ACK\|/);
    expect(lines[1]).toBe('MSA|AE|7');
    expect(lines[2]).toBe('ERR||PID^1^18|204|E||||no such stay');
    expect(String(acknowledge(message, '', undefined))).toContain('MSA|AA|7');
  });

  it('reads the national agency’s own admission example', (context) => {
    const path = fileURLToPath(
      new URL('../../../../shared/data/hl7v2/ans-hl7v2-exemples/SGL/admission.er7', import.meta.url),
    );
    if (!existsSync(path)) context.skip('skipped: no data');
    const message = new Message(decode(readFileSync(path)).text);
    const identity = readIdentity(message);
    expect(identity.ipp).not.toBe('');
    expect(identity.birthName).not.toBe('');
    expect(stayOf(message)).not.toBe('');
  });
});
