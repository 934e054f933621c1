/** Why a message is refused, in HL7's own codes (table 0357); said in MSA-1 and ERR. */
export class Hl7Refusal extends Error {
  /** AE: this message cannot be applied. AR: this receiver does not take such messages at all. */
  readonly acknowledgement: 'AE' | 'AR';
  readonly code: string;
  /** Segment, sequence and field, such as `ZBE^1^4`. */
  readonly where: string;

  constructor(acknowledgement: 'AE' | 'AR', code: string, where: string, message: string) {
    super(message);
    this.acknowledgement = acknowledgement;
    this.code = code;
    this.where = where;
  }
}

const ENCODINGS: { [charset: string]: string } = {
  'UNICODE UTF-8': 'utf-8',
  '8859/1': 'windows-1252',
  '8859/15': 'iso-8859-15',
};

/** MSH-18 where it is given and known; otherwise UTF-8 when the bytes are valid UTF-8, else Latin-1, IHE France's default. */
export function decode(bytes: Buffer): { text: string; charset: string } {
  const header = bytes.toString('latin1').split('\r', 1)[0] ?? '';
  const charset = header.split(header[3] ?? '|')[17] ?? '';
  const encoding = ENCODINGS[charset.split('~')[0] ?? ''];
  if (encoding) return { text: new TextDecoder(encoding).decode(bytes), charset };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), charset };
  } catch {
    return { text: bytes.toString('latin1'), charset: '8859/1' };
  }
}

/** A segment: `field(n)` counts as HL7 does, from 1 (in MSH, 1 is the separator itself). */
export class Segment {
  readonly name: string;
  readonly #fields: string[];
  readonly #marks: Marks;

  constructor(line: string, marks: Marks) {
    const fields = line.split(marks.field);
    this.name = fields[0] ?? '';
    this.#fields = this.name === 'MSH' ? ['MSH', marks.field, ...fields.slice(1)] : fields;
    this.#marks = marks;
  }

  /** The raw text of a field, empty where absent. HL7's explicit null `""` is empty too. */
  raw(field: number): string {
    const text = this.#fields[field] ?? '';
    return text === '""' ? '' : text;
  }

  /** A component of a field's first repetition, unescaped. Components count from 1. */
  get(field: number, component = 1): string {
    return this.repetitions(field)[0]?.get(component) ?? '';
  }

  repetitions(field: number): Repetition[] {
    const text = this.raw(field);
    return text === '' ? [] : text.split(this.#marks.repetition).map((one) => new Repetition(one, this.#marks));
  }
}

export class Repetition {
  readonly #components: string[];
  readonly #marks: Marks;

  constructor(text: string, marks: Marks) {
    this.#components = text.split(marks.component);
    this.#marks = marks;
  }

  get(component: number, subcomponent = 1): string {
    const text = this.#components[component - 1]?.split(this.#marks.subcomponent)[subcomponent - 1] ?? '';
    return text === '""' ? '' : unescaped(text, this.#marks);
  }
}

interface Marks {
  field: string;
  component: string;
  repetition: string;
  escape: string;
  subcomponent: string;
}

function unescaped(text: string, marks: Marks): string {
  if (!text.includes(marks.escape)) return text;
  const plain: { [code: string]: string } = {
    F: marks.field,
    S: marks.component,
    T: marks.subcomponent,
    R: marks.repetition,
    E: marks.escape,
  };
  return text
    .split(marks.escape)
    .map((piece, index) => (index % 2 === 1 ? (plain[piece] ?? (piece === '.br' ? '\n' : '')) : piece))
    .join('');
}

export class Message {
  readonly segments: readonly Segment[];

  constructor(text: string) {
    const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
    const header = lines[0] ?? '';
    if (!header.startsWith('MSH') || header.length < 8) {
      throw new Hl7Refusal('AR', '100', 'MSH^1', 'a message begins with MSH and its separators');
    }
    const [field = '|', component = '^', repetition = '~', escapeMark = '\\', subcomponent = '&'] = header.slice(3, 8);
    const marks = { field, component, repetition, escape: escapeMark, subcomponent };
    this.segments = lines.map((line) => new Segment(line, marks));
  }

  find(name: string): Segment | undefined {
    return this.segments.find((segment) => segment.name === name);
  }

  need(name: string): Segment {
    const found = this.find(name);
    if (!found) throw new Hl7Refusal('AE', '100', name, `segment ${name} is missing`);
    return found;
  }
}

/** Text of a field that must be there. */
export function required(segment: Segment, field: number, component = 1): string {
  const text = segment.get(field, component);
  if (text === '')
    throw new Hl7Refusal('AE', '101', `${segment.name}^1^${field}`, `${segment.name}-${field} is missing`);
  return text;
}

/** HL7's TS as PostgreSQL reads an instant; without a zone it is the hospital's local time. */
export function instant(text: string, where: string): string {
  const found = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:(\d{2})(?:\.\d+)?)?)?([+-]\d{4})?$/.exec(text);
  if (!found) throw new Hl7Refusal('AE', '102', where, `${where}: expected a date such as 20260301143000`);
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = ''] = found;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${zone}`;
}
