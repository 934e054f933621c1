const PAGE_LINES_MAX = 52;

/** Windows-1252, PDF's WinAnsiEncoding: what French needs beyond Latin-1. */
const BEYOND_LATIN1: { [character: string]: number } = { '’': 0x92, '–': 0x96, œ: 0x9c, Œ: 0x8c, '€': 0x80 };

function winAnsi(text: string): Buffer {
  return Buffer.from(
    [...text].map((one) => BEYOND_LATIN1[one] ?? (one.charCodeAt(0) < 256 ? one.charCodeAt(0) : 0x3f)),
  );
}

const escaped = (text: string): string => text.replace(/[\\()]/g, (one) => `\\${one}`);

/** A plain PDF 1.4 of text lines on A4 pages; the first line is the title. Enough for reports, nothing more. */
export function pdfOf(lines: readonly string[]): Buffer {
  const pages = Array.from({ length: Math.max(1, Math.ceil(lines.length / PAGE_LINES_MAX)) }, (_, page) =>
    lines.slice(page * PAGE_LINES_MAX, (page + 1) * PAGE_LINES_MAX),
  );
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'),
  ];
  for (const [index, page] of pages.entries()) {
    const shown = page.map((line) => `(${escaped(line)}) Tj T*`).join('\n');
    const content = winAnsi(`BT /F1 11 Tf 14 TL 56 786 Td\n${shown}\nET`);
    const media = '/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>';
    objects.push(Buffer.from(`<< /Type /Page /Parent 2 0 R ${media} /Contents ${5 + index * 2} 0 R >>`));
    objects.push(
      Buffer.concat([Buffer.from(`<< /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream')]),
    );
  }
  return assemble(objects);
}

/** Objects, then the table that gives each one's offset, then the trailer. */
function assemble(objects: readonly Buffer[]): Buffer {
  const parts = [Buffer.from('%PDF-1.4\n')];
  let offset = parts[0]?.length ?? 0;
  const offsets: number[] = [];
  for (const [index, body] of objects.entries()) {
    offsets.push(offset);
    const object = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(object);
    offset += object.length;
  }
  const table = offsets.map((one) => `${String(one).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${offset}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
