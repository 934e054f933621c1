/** Value representations this writer knows; PS3.5, section 6.2. */
type Representation = 'AE' | 'CS' | 'DA' | 'DS' | 'IS' | 'LO' | 'OB' | 'OW' | 'PN' | 'SH' | 'TM' | 'UI' | 'UL' | 'US';

export type Element = readonly [group: number, element: number, vr: Representation, value: string | number | Buffer];

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** These two carry two reserved bytes and a four-byte length (PS3.5, section 7.1.2). */
const LONG: ReadonlySet<string> = new Set(['OB', 'OW']);

function valueBytes(vr: Representation, value: string | number | Buffer): Buffer {
  if (Buffer.isBuffer(value)) return value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([0])]);
  if (vr === 'US' || vr === 'UL') {
    const bytes = Buffer.alloc(vr === 'US' ? 2 : 4);
    if (vr === 'US') bytes.writeUInt16LE(Number(value));
    else bytes.writeUInt32LE(Number(value));
    return bytes;
  }
  const text = Buffer.from(String(value), 'utf8');
  // Values are even in length: UIDs are padded with a null, text with a space.
  return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

function encode([group, element, vr, value]: Element): Buffer {
  const bytes = valueBytes(vr, value);
  const header = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(element, 2);
  header.write(vr, 4, 'latin1');
  if (LONG.has(vr)) header.writeUInt32LE(bytes.length, 8);
  else header.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([header, bytes]);
}

const inOrder = (elements: readonly Element[]): Element[] =>
  [...elements].sort((one, other) => one[0] - other[0] || one[1] - other[1]);

/** A DICOM file (PS3.10): preamble, prefix, file meta group, data set in explicit VR little endian. */
export function dicomFile(sopClass: string, sopInstance: string, elements: readonly Element[]): Buffer {
  const meta = Buffer.concat(
    inOrder([
      [0x0002, 0x0001, 'OB', Buffer.from([0, 1])],
      [0x0002, 0x0002, 'UI', sopClass],
      [0x0002, 0x0003, 'UI', sopInstance],
      [0x0002, 0x0010, 'UI', EXPLICIT_LITTLE_ENDIAN],
      [0x0002, 0x0012, 'UI', '2.25.338735480926544153098276389142734556199'],
      [0x0002, 0x0013, 'SH', 'REFLEXE_LAB'],
    ]).map(encode),
  );
  const identity: Element[] = [
    [0x0008, 0x0016, 'UI', sopClass],
    [0x0008, 0x0018, 'UI', sopInstance],
  ];
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encode([0x0002, 0x0000, 'UL', meta.length]),
    meta,
    ...inOrder([...identity, ...elements]).map(encode),
  ]);
}
