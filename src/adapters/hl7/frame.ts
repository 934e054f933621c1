/** Minimal lower layer protocol (HL7 v2.5, appendix C.4): a message between VT and FS CR. */
const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;

export function framed(message: string): Buffer {
  return Buffer.concat([Buffer.from([VT]), Buffer.from(message, 'latin1'), Buffer.from([FS, CR])]);
}

/** The first whole message in what was received; what stands before its VT is noise and is left out. */
export function unframed(received: Uint8Array): string | undefined {
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  const from = bytes.indexOf(VT);
  if (from < 0) return undefined;
  for (let to = bytes.indexOf(FS, from); to >= 0; to = bytes.indexOf(FS, to + 1)) {
    if (bytes[to + 1] === CR) return bytes.toString('latin1', from + 1, to);
  }
  return undefined;
}
