import { type Keyring, keyringText, parseKeyring } from './keyringFile.ts';
import { parseKeyFile } from './protectors/keyFile.ts';
import { requestIn } from './socket.ts';

const id = '0123456789abcdef';
const wrapped = Uint8Array.from({ length: 69 }, (_, at) => at);
const made = { id, label: 'coffre', madeAt: '2026-11-22T03:00:00.000Z', wrapped };
const keyring: Keyring = {
  version: 1,
  folder: id,
  master: { id, madeAt: made.madeAt },
  protectors: [
    { ...made, settings: { kind: 'file', file: '/srv/data.key' } },
    { ...made, settings: { kind: 'passphrase', salt: wrapped, memoryKibibytes: 65_536, passes: 3, lanes: 4 } },
    { ...made, settings: { kind: 'quorum', set: '0a1b2c', needed: 2, of: 3 } },
    { ...made, settings: { kind: 'tpm', publicArea: wrapped, privateArea: wrapped, pcrs: 'sha256:7' } },
  ],
  columns: [{ id, wrapped }],
  index: { id, wrapped },
  previous: { id, wrapped },
};

/** What may lie where the keyring or a key file should, and what may come through the socket of the keys. */
export const fuzz = {
  name: 'keys',
  seeds: (): Uint8Array[] =>
    [
      keyringText(keyring),
      `${id} ${id} ${'ab'.repeat(32)}\n${id} ${id} ${'cd'.repeat(32)}\n`,
      '{"act":"unlock","typed":{"shares":["0000-0000"]}}',
      '{"act":"add","wanted":{"kind":"tpm","label":"","pcrs":"sha256:0,7"}}',
      '{"act":"rotate","passphrases":{"__proto__":"x"}}',
      '{"act":"secret set","name":"../x","value":"\\ud800"}',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const text = Buffer.from(input).toString();
    const read = parseKeyring(text);
    if (read !== undefined && parseKeyring(keyringText(read)) === undefined)
      throw new Error('a keyring we could not read again');
    for (const { key } of parseKeyFile(text) ?? []) if (key.length !== 32) throw new Error('a key of another length');
    requestIn(text);
  },
};
