import { fileURLToPath } from 'node:url';

/** Folder of the rules that come with Reflexe: what a generalist needs on the first day, none copied from elsewhere. */
export const shippedRules = fileURLToPath(new URL('./rules', import.meta.url));
