import { setTimeout as pause } from 'node:timers/promises';
import { MllpClient } from './feed/client.ts';
import { Life } from './feed/life.ts';
import type { Outgoing } from './feed/messages.ts';

export interface FeedCounts {
  /** Answered `AA`: committed by the receiver. */
  acknowledged: number;
  /** Answered `AE`, or `AR` for a message of a kind not taken: these are not sent again. */
  refused: number;
  lastRefusal: string | undefined;
  /** Attempts without an answer, or answered "not now". The message is sent again, under the same control number. */
  unanswered: number;
  lastAcknowledgedAt: string | undefined;
  byType: { [type: string]: number };
}

export interface Feed {
  counts(): FeedCounts;
  /** Sends this many messages one after the other, their times spread evenly over a span; fails at the first without answer. */
  send(count: number, span: { from: Date; to: Date }): Promise<FeedCounts>;
  /** Keeps sending at this rate, at the present time, and keeps trying when nobody answers. */
  start(messagesPerSecond: number): void;
  /** Ends the sending started; resolves when the message under way is settled. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

/** ERR-3, table 0357: application internal error. With AR: nothing is wrong with the message. */
const NOT_NOW = '207';

/** The hospital's message feed: admissions, transfers, discharges and results from a seed, over MLLP. */
export function openFeed(options: { host: string; port: number; seed: string | number }): Feed {
  const life = new Life(options.seed);
  const counts: FeedCounts = {
    acknowledged: 0,
    refused: 0,
    lastRefusal: undefined,
    unanswered: 0,
    lastAcknowledgedAt: undefined,
    byType: {},
  };
  let client: MllpClient | undefined;
  let waiting: Outgoing | undefined;
  let running: { stop: AbortController; ended: Promise<void> } | undefined;

  const deliver = async (message: Outgoing): Promise<void> => {
    try {
      client ??= await MllpClient.connect(options.host, options.port);
      const { code, controlId, reason } = await client.send(message.text);
      if (controlId !== message.controlId) throw new Error('an acknowledgement of another message');
      if (code === 'AR' && reason?.split('|')[3] === NOT_NOW) throw new Error(reason);
      count(counts, message, code, reason);
    } catch (error) {
      counts.unanswered += 1;
      client?.close();
      client = undefined;
      throw error;
    }
  };
  /** A message without answer stays the next to be sent: order is kept, nothing is skipped. */
  const step = async (at: number): Promise<void> => {
    waiting ??= life.next(at);
    await deliver(waiting);
    waiting = undefined;
  };
  const stopRunning = async () => {
    running?.stop.abort();
    await running?.ended;
    running = undefined;
  };

  return {
    counts: () => ({ ...counts, byType: { ...counts.byType } }),
    async send(count, { from, to }) {
      for (let index = 0; index < count; index++) {
        await step(from.getTime() + ((to.getTime() - from.getTime()) * index) / count);
      }
      return { ...counts, byType: { ...counts.byType } };
    },
    start(messagesPerSecond) {
      if (running) return;
      const stop = new AbortController();
      const ended = (async () => {
        while (!stop.signal.aborted) {
          await step(Date.now()).catch(() => {});
          await pause(1000 / messagesPerSecond, undefined, { signal: stop.signal }).catch(() => {});
        }
      })();
      running = { stop, ended };
    },
    pause: stopRunning,
    async close() {
      await stopRunning();
      client?.close();
      client = undefined;
    },
  };
}

function count(counts: FeedCounts, message: Outgoing, code: string, reason: string | undefined): void {
  if (code === 'AA') {
    counts.acknowledged += 1;
    counts.lastAcknowledgedAt = new Date().toISOString();
    counts.byType[message.type] = (counts.byType[message.type] ?? 0) + 1;
  } else {
    counts.refused += 1;
    counts.lastRefusal = `${message.type} ${code} ${reason ?? ''}`;
  }
}
