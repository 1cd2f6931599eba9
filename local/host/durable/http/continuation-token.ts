/** Where a page begins: the id of its first item, '' for the first page, and whether the page before it ended early. */
export interface PageStart {
  first: string;
  isAfterShortPage: boolean;
}

/**
 * Names the item that the next page begins with, as Azure.Data.Tables joins what Table storage answers: `"<NextPartitionKey>
 * <NextRowKey>"` (azure-sdk-for-net, TableClient.CreateContinuationTokenFromHeaders). The partition key is the id; the instances
 * table has empty row keys, which leaves a blank at the end, and so far as HTTP is concerned blanks there are no part of the value.
 * After a short page there is a row key, by which this host knows it.
 */
export function formatContinuationToken({ first, isAfterShortPage }: PageStart): string {
  return `${encodeKey(first)} ${isAfterShortPage ? AFTER_SHORT_PAGE : ''}`;
}

/** Reads a token with or without its blank; the first page for the absent one and for what is no token. */
export function parseContinuationToken(token: string | undefined): PageStart {
  const [partitionKey = '', rowKey] = (token ?? '').split(' ');
  return { first: decodeKey(partitionKey) ?? '', isAfterShortPage: rowKey === AFTER_SHORT_PAGE };
}

/** Table storage writes a key as `1!`, the length of what follows, `!`, and base64 whose padding is `-`. */
function encodeKey(key: string): string {
  const encoded = Buffer.from(key).toString('base64').replaceAll('=', '-');
  return `1!${encoded.length}!${encoded}`;
}

const AFTER_SHORT_PAGE = encodeKey('short');

function decodeKey(text: string): string | undefined {
  const [version, length, encoded, ...rest] = text.split('!');
  const isKey = version === '1' && rest.length === 0 && Number(length) === encoded?.length;
  return isKey ? Buffer.from(encoded.replaceAll('-', '='), 'base64').toString('utf8') : undefined;
}
