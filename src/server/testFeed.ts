import { request } from 'node:http';
import { applyPatch } from 'rfc6902';
import type { FeedMessage } from './protocol.ts';

export interface TestFeed {
  status: number;
  messages: FeedMessage[];
  lastId: string | undefined;
  /** Every version of each view, in the order they came. */
  versions: { [view: string]: number[] };
  /** What each view holds, snapshots and patches folded as a client does. */
  values: { [view: string]: unknown };
  /** Resolves once `condition` holds, each time something came. */
  until(condition: (feed: TestFeed) => boolean): Promise<void>;
  /** Resolves once the server, or `close`, ended it. */
  ended: Promise<void>;
  /** Stops and starts reading from the connection. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** A client of the feed over a real connection: reads Server-Sent Events by their specification, folds and checks versions. */
export function follow(
  url: string,
  { cookie, lastId, onStart }: { cookie: string; lastId?: string | undefined; onStart?: (feed: TestFeed) => void },
): Promise<TestFeed> {
  return new Promise((resolve, reject) => {
    const headers = {
      cookie,
      accept: 'text/event-stream',
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    };
    const asked = request(url, { headers, agent: false }, (response) => {
      const waiting = new Set<() => void>();
      const over = Promise.withResolvers<void>();
      const feed: TestFeed = {
        status: response.statusCode ?? 0,
        messages: [],
        lastId,
        versions: {},
        values: {},
        ended: over.promise,
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        close: () => response.destroy(),
        until: (condition) =>
          new Promise((done) => {
            const look = () => {
              if (!condition(feed)) return;
              waiting.delete(look);
              done();
            };
            waiting.add(look);
            look();
          }),
      };
      onStart?.(feed);
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const events = (rest + text).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) take(feed, event);
        for (const look of waiting) look();
      });
      response.on('error', () => over.resolve());
      response.on('close', () => over.resolve());
      resolve(feed);
    });
    asked.on('error', reject);
    asked.end();
  });
}

function take(feed: TestFeed, event: string): void {
  const fields = event.split('\n').map((line) => {
    const [name = '', ...value] = line.split(': ');
    return [name, value.join(': ')] as const;
  });
  const data = fields.flatMap(([name, value]) => (name === 'data' ? [value] : [])).join('\n');
  const id = fields.find(([name]) => name === 'id');
  if (id) feed.lastId = id[1];
  if (data === '') return;
  const message = JSON.parse(data) as FeedMessage;
  feed.messages.push(message);
  if (message.kind !== 'snapshot' && message.kind !== 'patch') return;
  const versions = feed.versions[message.view] ?? [];
  feed.versions[message.view] = [...versions, message.version];
  if (message.kind === 'snapshot') feed.values[message.view] = message.value;
  else if (applyPatch(feed.values[message.view], message.patch).some((failure) => failure !== null)) {
    throw new Error(`patch ${message.version} of ${message.view} does not apply`);
  }
}
