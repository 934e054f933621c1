import { createHash } from 'node:crypto';
import type { Patient } from '../population/patient.ts';
import type { Random } from '../population/random.ts';
import { IMAGING } from '../population/reasons.ts';
import { dicomFile, type Element } from './dicom.ts';

const COMPUTED_RADIOGRAPHY = '1.2.840.10008.5.1.4.1.1.1';
const SIDE = 64;
const DAY = 86_400_000;

/** A UID from a name (PS3.5, annex B.2: 2.25 and a 128-bit whole number): the same name gives the same UID. */
const uidOf = (name: string): string =>
  `2.25.${BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 32)}`)}`;

/** A soft body-like shape with noise: small, of twelve bits, different in every image. */
function pixels(random: Random): Buffer {
  const bytes = Buffer.alloc(SIDE * SIDE * 2);
  const [cx, cy] = [SIDE / 2 + random.normal(0, 3), SIDE / 2 + random.normal(0, 3)];
  const [rx, ry] = [random.normal(22, 2), random.normal(26, 2)];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const inside = 1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2;
      const value = 400 + Math.max(0, inside) * 2600 + random.next() * 180;
      bytes.writeUInt16LE(Math.min(4095, Math.round(value)), (y * SIDE + x) * 2);
    }
  }
  return bytes;
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
const time = (at: number) => new Date(at).toISOString().slice(11, 19).replaceAll(':', '');

/** The images of one radiography of a patient, each a whole DICOM file. `name` makes its UIDs. */
export function makeStudy(random: Random, name: string, patient: Patient, at: number): Buffer[] {
  const examination = random.weighted(IMAGING);
  const study = uidOf(name);
  const series = uidOf(`${name}/1`);
  const [low, high] = examination.images;
  const count = random.between(low, high);
  return Array.from({ length: count }, (_, index) => {
    const elements: Element[] = [
      [0x0008, 0x0005, 'CS', 'ISO_IR 192'],
      [0x0008, 0x0020, 'DA', day(at)],
      [0x0008, 0x0030, 'TM', time(at)],
      [0x0008, 0x0050, 'SH', `A${createHash('sha256').update(name).digest('hex').slice(0, 12)}`],
      [0x0008, 0x0060, 'CS', examination.modality],
      [0x0008, 0x0070, 'LO', 'Reflexe lab'],
      [0x0008, 0x0080, 'LO', 'Centre hospitalier du Val-Serein'],
      [0x0008, 0x0090, 'PN', ''],
      [0x0008, 0x1030, 'LO', examination.label],
      [0x0010, 0x0010, 'PN', `${patient.birthName}^${patient.givenNames.split(' ')[0] ?? ''}`],
      [0x0010, 0x0020, 'LO', patient.ipp],
      [0x0010, 0x0030, 'DA', patient.birthDate.replaceAll('-', '')],
      [0x0010, 0x0040, 'CS', patient.sex],
      [0x0018, 0x0015, 'CS', examination.bodyPart],
      [0x0018, 0x5101, 'CS', index === 0 ? 'PA' : 'LL'],
      [0x0020, 0x000d, 'UI', study],
      [0x0020, 0x000e, 'UI', series],
      [0x0020, 0x0010, 'SH', '1'],
      [0x0020, 0x0011, 'IS', '1'],
      [0x0020, 0x0013, 'IS', String(index + 1)],
      [0x0020, 0x0020, 'CS', ''],
      [0x0028, 0x0002, 'US', 1],
      [0x0028, 0x0004, 'CS', 'MONOCHROME2'],
      [0x0028, 0x0010, 'US', SIDE],
      [0x0028, 0x0011, 'US', SIDE],
      [0x0028, 0x0100, 'US', 16],
      [0x0028, 0x0101, 'US', 12],
      [0x0028, 0x0102, 'US', 11],
      [0x0028, 0x0103, 'US', 0],
      [0x7fe0, 0x0010, 'OW', pixels(random)],
    ];
    return dicomFile(COMPUTED_RADIOGRAPHY, uidOf(`${name}/1/${index + 1}`), elements);
  });
}

/** Studies of patients taken at random, over the ninety days before `now`. */
export function* makeStudies(
  random: Random,
  label: string,
  patients: readonly Patient[],
  now: number,
  count: number,
): Generator<Buffer[]> {
  for (let index = 1; index <= count; index++) {
    yield makeStudy(random, `${label}/${index}`, random.pick(patients), now - random.next() * 90 * DAY);
  }
}
