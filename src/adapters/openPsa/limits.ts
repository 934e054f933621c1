/** Published trees weigh 0.4 MB at most, and nest six deep. */
export const openPsaLimits = {
  bytesMax: 64_000_000,
  elementsMax: 2_000_000,
  /** Elements inside elements. */
  depthMax: 100,
  /** Characters of a name. */
  nameMax: 1_000,
} as const;
