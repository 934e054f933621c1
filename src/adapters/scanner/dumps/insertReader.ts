const [quote, double, backtick, backslash, open, close, semicolon] = [0x27, 0x22, 0x60, 0x5c, 0x28, 0x29, 0x3b];
const headBytesMax = 65_536;

/** Reads one INSERT after its INTO, in pieces, up to its semicolon: the table, and how many rows its VALUES are. */
export class InsertReader {
  table = '';
  rows = 0;
  isOver = false;
  /** Whether a backslash hides what follows it in every string (MySQL), or only in those that begin with E (PostgreSQL). */
  readonly #isEscaping: boolean;
  #quoted = 0;
  #isHiding = false;
  #isHidden = false;
  #depth = 0;
  #head: string | undefined = '';
  #last = 0;

  constructor(isEscaping: boolean) {
    this.#isEscaping = isEscaping;
  }

  /** Where it stopped: at its end, or at the piece's. */
  read(content: Buffer, from: number): number {
    for (let at = from; at < content.length; at += 1) {
      const byte = content[at] ?? 0;
      if (this.#head !== undefined) this.#heads(byte);
      if (this.#quoted !== 0) this.#inString(byte);
      else if (byte === semicolon && this.#depth <= 0) {
        this.isOver = true;
        return at + 1;
      } else this.#outside(byte);
      this.#last = byte;
      if (this.isOver) return at + 1;
    }
    return content.length;
  }

  #inString(byte: number): void {
    if (this.#isHidden) this.#isHidden = false;
    else if (byte === backslash && this.#isHiding) this.#isHidden = true;
    else if (byte === this.#quoted) this.#quoted = 0;
  }

  #outside(byte: number): void {
    if (byte === quote || byte === double || byte === backtick) {
      this.#quoted = byte;
      this.#isHiding = byte === quote && (this.#isEscaping || this.#last === 0x45);
    } else if (byte === open) {
      this.#depth += 1;
      if (this.#depth === 1 && this.#head === undefined) this.rows += 1;
    } else if (byte === close) this.#depth -= 1;
  }

  #heads(byte: number): void {
    this.#head += String.fromCharCode(byte);
    const head = this.#head ?? '';
    if (head.length > headBytesMax) this.isOver = true;
    if (this.#depth !== 0 || this.#quoted !== 0 || byte !== 0x53 || !head.endsWith(' VALUES')) return;
    this.table = Buffer.from(/^(?:"[^"]*"|`[^`]*`|[^\s"`(])+/.exec(head)?.[0] ?? '', 'latin1').toString('utf8');
    this.#head = undefined;
  }
}
