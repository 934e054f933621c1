/** The text for a code that comes from the wire, or undefined where this release has none: the caller says the code itself. */
export function entry<Dictionary extends object>(
  dictionary: Dictionary,
  code: string,
): Dictionary[keyof Dictionary] | undefined {
  return Object.hasOwn(dictionary, code) ? dictionary[code as keyof Dictionary] : undefined;
}
