/** Bytes read of one import, all files together: beyond, it is no inventory of one house. */
export const bytesMax = 64 * 1024 * 1024;
/** Files of one import: one for each machine of a large hospital. */
export const filesMax = 20_000;
/** Things of one import: several times the largest hospital group. */
export const thingsMax = 200_000;
/** Letters kept of one text: names and descriptions are shorter, and a broken quote would swallow a whole file. */
export const lettersMax = 10_000;
