import { z } from 'zod';

const name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i, 'a host name or an address');
const path = z.string().startsWith('/', 'a whole path, from /').max(1_000);

/** `transport.yaml` of a configuration folder; without it, everything is as its comments say. */
export const TransportSettings = z
  .strictObject({
    /** More names and addresses people use; the public address and the machine's own are there by themselves. */
    names: z.array(name).max(40).default([]),
    /** Certificates made elsewhere, in PEM: both files, or neither, and Reflexe makes its own. */
    certificate: path.optional(),
    key: path.optional(),
    /** Where plain HTTP is led to HTTPS; none: only on the port itself. */
    redirectPort: z.int().min(1).max(65_535).optional(),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    message: 'certificate and key go together',
    path: ['key'],
  });
export type TransportSettings = z.infer<typeof TransportSettings>;
