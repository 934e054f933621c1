/** What stands in an image contradicts itself or is not there: this night, or this file of it, cannot be relied on. */
export class Damaged extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Damaged';
  }
}

/** Sound as far as can be told, and not something we read (encrypted, another format): no verdict on the night. */
export class NotRead extends Error {
  readonly cure: string;

  constructor(what: string, cure: string) {
    super(what);
    this.name = 'NotRead';
    this.cure = cure;
  }
}

/** A structure that ends before the field that is read in it: Node's buffers say so as a RangeError. */
export const isDamage = (error: unknown): error is Error => error instanceof Damaged || error instanceof RangeError;
