import { z } from 'zod';
import { defined } from '../defined.ts';
import { INCARNATION_TAG, OWNER_TAG, WISHES_TAG } from '../spec/container-group-spec.ts';
import { groupWishes, wishesOf, type GroupWishes } from './group-wishes.ts';

/** ARM's limits of one resource (https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations). */
const MAX_TAGS = 50;
const MAX_VALUE_CHARACTERS = 256;

/** What a resource says of the group that it is: enough to know the group again when nothing else is left of it. */
export interface OwnFacts {
  incarnation: string;
  /** The installation that made or adopted it; undefined of one that has no name. */
  owner?: string;
  wishes?: GroupWishes;
}

/** A resource's tags apart: those of ours, by their names in lower case, and how many others there are. */
export interface SortedTags {
  own: Record<string, string>;
  otherCount: number;
}

type Tag = readonly [name: string, value: string];

/** Sorts the tags of a resource; ARM takes their names in any letter case (see above). */
export function sortTags(tags: Readonly<Record<string, string>>): SortedTags {
  const entries = Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value] as const);
  const own = entries.filter(([name]) => isOwnTag(name));
  return { own: Object.fromEntries(own), otherCount: entries.length - own.length };
}

/** Whether a tag of this name is one that only we write. */
export function isOwnTag(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === INCARNATION_TAG || lower === OWNER_TAG || /^aci-wishes(-\d+)?$/.test(lower);
}

/** The tags that a resource of ours has beside so many others: where there is no room for all of the wishes, the labels are left out, then the others. */
export function ownTags({ incarnation, owner, wishes = {} }: OwnFacts, otherCount: number): Record<string, string> {
  const { labels: _labels, ...shortWishes } = wishesOf(wishes);
  const identity: Tag[] = [
    [INCARNATION_TAG, incarnation],
    ...(owner === undefined ? [] : [[OWNER_TAG, owner] as const]),
  ];
  const room = MAX_TAGS - otherCount;
  const choices = [wishesOf(wishes), shortWishes].map((each) => [...identity, ...tagsOfWishes(each)]);
  const fitting = choices.find((tags) => tags.length <= room) ?? identity.slice(0, room);
  return Object.fromEntries(fitting);
}

/** What the tags of a resource say; what they say in another form than ours is not known. */
export function readOwnTags(own: Readonly<Record<string, string>>): Partial<OwnFacts> {
  return defined({
    incarnation: own[INCARNATION_TAG] || undefined,
    owner: own[OWNER_TAG] || undefined,
    wishes: readWishes(own),
  });
}

/** Whether the tags of a resource are those that it should have. */
export function hasTags({ own }: SortedTags, expected: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(own), ...Object.keys(expected)]);
  return [...names].every((name) => own[name] === expected[name]);
}

/** The wishes as JSON in pieces that a value can hold: labels may hold what the name of a tag may not. */
function tagsOfWishes(wishes: GroupWishes): Tag[] {
  if (Object.keys(wishes).length === 0) {
    return [];
  }
  // A blank at the end of a piece might be trimmed, and letters that are not of ASCII come back as others in some places (see above).
  const text = JSON.stringify(wishes).replaceAll(/[^!-~]/g, escaped);
  const pieces = text.matchAll(new RegExp(`.{1,${MAX_VALUE_CHARACTERS}}`, 'g'));
  return [...pieces].map(([piece], index) => [nameOfPiece(index), piece] as const);
}

/** A unit of UTF-16, as JSON writes it. */
function escaped(unit: string): string {
  return String.raw`\u${Number(unit.codePointAt(0)).toString(16).padStart(4, '0')}`;
}

function nameOfPiece(index: number): string {
  return index === 0 ? WISHES_TAG : `${WISHES_TAG}-${index + 1}`;
}

function readWishes(own: Readonly<Record<string, string>>): GroupWishes | undefined {
  const pieces: string[] = [];
  for (let piece = own[WISHES_TAG]; piece !== undefined; piece = own[nameOfPiece(pieces.length)]) {
    pieces.push(piece);
  }
  try {
    return z.object(groupWishes).parse(JSON.parse(pieces.join('')));
  } catch {
    // Somebody else has written or cut them.
    return undefined;
  }
}
