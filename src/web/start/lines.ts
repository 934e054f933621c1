/** Quick entry: one thing a line, its parts after semicolons. */
export interface QuickWard {
  name: string;
  phone?: string;
  beds?: number;
}

const partsOf = (line: string) => line.split(/[;\t]/).map((part) => part.trim());

/** `Hôpital Nord ; Rennes`. */
export const sitesIn = (text: string): { name: string; city?: string }[] =>
  text.split('\n').flatMap((line) => {
    const [name = '', city = ''] = partsOf(line);
    return name === '' ? [] : [{ name, ...(city === '' ? {} : { city }) }];
  });

/** `Réanimation ; 02 99 00 41 20 ; 18`: the last parts may be left out. `wrong`: lines (from 1) that cannot be read. */
export function wardsIn(text: string): { wards: QuickWard[]; wrong: number[] } {
  const wards: QuickWard[] = [];
  const wrong: number[] = [];
  text.split('\n').forEach((line, index) => {
    const [name = '', phone = '', beds = ''] = partsOf(line);
    if (name === '') return;
    if (!/^\d{0,5}$/.test(beds)) wrong.push(index + 1);
    else
      wards.push({
        name,
        ...(phone === '' ? {} : { phone }),
        ...(beds === '' ? {} : { beds: Number(beds) }),
      });
  });
  return { wards, wrong };
}
