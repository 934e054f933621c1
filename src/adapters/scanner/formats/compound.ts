/** Compound files (MS-CFB): documents of Office before 2007, and what its later ones are wrapped in or hold. */
const signature = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const entryName = (name: string): Buffer => Buffer.from(`${name}\0`, 'utf16le');
/** MS-OFFCRYPTO §1.3.2: the package is encrypted as one stream of this name. */
const encrypted = entryName('EncryptedPackage');
/** MS-OVBA §2.3.4: code is compressed in streams beside the one of this name. */
const macros = entryName('_VBA_PROJECT');

/** What is closed to us in a compound file; undefined where it is none, or nothing is. */
export function closedInside(content: Buffer): string | undefined {
  if (!content.subarray(0, signature.length).equals(signature)) return undefined;
  if (content.includes(encrypted)) return 'is protected by a password';
  return content.includes(macros) ? 'holds macros, whose code is compressed: not looked into' : undefined;
}

export const isEncryptedDocument = (content: Buffer): boolean =>
  content.subarray(0, signature.length).equals(signature) && content.includes(encrypted);
