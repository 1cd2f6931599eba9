/**
 * Parses JSON; names of fields may stand without quotation marks, as in the requests that the project of 2018 publishes and its host took.
 * Throws a `SyntaxError` for anything else.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(quoteNames(text));
  }
}

/** A text, closed or not, is stepped over as a whole, so that one look at each character does. */
const TEXT_OR_NAME = /"(?:[^"\\]|\\.)*"?|([{,]\s*)([A-Za-z_]\w*)(?=\s*:)/gs;

function quoteNames(text: string): string {
  return text.replaceAll(TEXT_OR_NAME, (found: string, before: string | undefined, name: string | undefined) =>
    before === undefined || name === undefined ? found : `${before}"${name}"`,
  );
}
