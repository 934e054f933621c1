import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

/** Text as a Typst string literal: whatever people wrote stays text. */
export const literal = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/**
 * A PDF from a Typst document. `at` is the document's date and makes the same document the same bytes.
 * Throws when the document itself is wrong: documents are ours, what people wrote goes in through `literal`.
 */
export function renderPdf(document: string, at: Date): Buffer {
  const compiler = NodeCompiler.create();
  const { result, hasError, takeDiagnostics } = bound(compiler.compile({ mainFileContent: document }));
  if (hasError() || result === null)
    throw new Error(`the document does not compile: ${JSON.stringify(takeDiagnostics())}`);
  return compiler.pdf(result, { creationTimestamp: Math.round(at.getTime() / 1000) });
}

function bound(compiled: ReturnType<NodeCompiler['compile']>) {
  return {
    result: compiled.result,
    hasError: () => compiled.hasError(),
    takeDiagnostics: () => compiled.takeDiagnostics()?.shortDiagnostics ?? [],
  };
}
