import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atMost, judge } from '../../detect/conditions.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { connect } from './connection.ts';
import { networkFailure } from './failure.ts';
import { Host, Milliseconds, Port } from './settings.ts';

const Limits = z.strictObject({ millisecondsMax: Milliseconds.optional() });

/** A port that opens: the least one can ask of a service. */
export const tcpCheck = checkKind({
  kind: 'tcp',
  settings: { host: Host, port: Port, expect: Limits.prefault({}), warn: Limits.prefault({}) },
  ask({ host, port, expect, warn }, edge: CheckEdge) {
    return async (signal) => {
      const from = edge.clock.monotonic();
      try {
        const socket = await connect({ host, port }, signal);
        socket.destroy();
      } catch (error) {
        return networkFailure(error);
      }
      const milliseconds = Math.round(edge.clock.monotonic() - from);
      const within = (limits: z.infer<typeof Limits>) =>
        atMost('millisecondsMax', limits.millisecondsMax, milliseconds, 'slow');
      return judge({ connectMilliseconds: milliseconds }, { expect: within(expect), warn: within(warn) });
    };
  },
});
