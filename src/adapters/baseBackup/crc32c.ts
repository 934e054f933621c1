/** CRC-32C (RFC 3720, appendix B.4), what pg_basebackup writes by default. */
const POLYNOMIAL = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** Digest by pieces, in the order of bytes PostgreSQL shows it in. */
export class Crc32c {
  #value = 0xffffffff;

  update(piece: Uint8Array): this {
    let value = this.#value;
    for (const byte of piece) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
    this.#value = value;
    return this;
  }

  hex(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE((this.#value ^ 0xffffffff) >>> 0);
    return bytes.toString('hex');
  }
}
