import { z } from 'zod';

/** Fields that several kinds of check share, each written once. */
export const Host = z.string().min(1).max(253);
export const Port = z.number().int().min(1).max(65_535);
export const Milliseconds = z.number().int().positive();

/** `tls: {}` is TLS verified against the system's authorities. */
export const Tls = z.strictObject({
  /** File with the authority to trust, PEM. */
  ca: z.string().optional(),
  verify: z.boolean().default(true),
  serverName: z.string().optional(),
});
