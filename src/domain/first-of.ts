/** The most items that a list of a report holds. */
export const MAX_LISTED = 20;

/** The first items of a list, as many as a report holds, and as have so many characters together as JSON. */
export function firstOf<Item>(items: Item[], maxCharacters: number): Item[] {
  let characters = 0;
  const end = items.findIndex((item) => (characters += JSON.stringify(item).length) > maxCharacters);
  return items.slice(0, Math.min(end === -1 ? MAX_LISTED : end, MAX_LISTED));
}
