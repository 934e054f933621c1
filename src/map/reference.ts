import { z } from 'zod';

/** `owner:id`; a bare `id` in a file belongs to that file's establishment. Lower case, digits, dashes and dots. */
export const Reference = z.string().regex(/^(?:[a-z0-9][a-z0-9.-]*:)?[a-z0-9][a-z0-9.-]*$/);
export type Reference = z.infer<typeof Reference>;

/** A text in both languages of the product; English falls back to French where a hospital wrote only one. */
export const Words = z.strictObject({ fr: z.string().min(1), en: z.string().min(1).optional() });
export type Words = z.infer<typeof Words>;
