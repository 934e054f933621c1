/** What the thread that fuzzes is told. */
export interface Order {
  root: string;
  file: string;
  seed: number;
  seconds: number;
  /** Distinct crashes after which to stop: more would be the same few again. */
  crashesMax: number;
  corpus: Uint8Array[];
  /** The input being run, readable from outside when the thread hangs or dies: [executions, length] then bytes. */
  shared: SharedArrayBuffer;
}

export interface Crash {
  kind: 'thrown' | 'hang' | 'death';
  message: string;
  input: Uint8Array;
}

/** What it tells, at the end and at each crash. */
export type Report =
  | { type: 'crash'; crash: Crash }
  | {
      type: 'done';
      name: string;
      executions: number;
      seconds: number;
      corpus: Uint8Array[];
      ran: Map<string, Uint8Array>;
      slowest: { milliseconds: number; input: Uint8Array };
      heapBytesMax: number;
    };

export const counters = (shared: SharedArrayBuffer): Int32Array<SharedArrayBuffer> => new Int32Array(shared, 0, 2);
export const inputBytes = (shared: SharedArrayBuffer): Uint8Array<SharedArrayBuffer> => new Uint8Array(shared, 8);
