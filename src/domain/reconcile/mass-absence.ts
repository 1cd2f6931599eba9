import { z } from 'zod';
import type { Failure } from '../failure.ts';

/** So many groups of a resource group may be missing at once without a doubt that Azure's word is of the right place and whole. */
const MAX_ABSENT = 5;

/** A fault that goes away by itself, and a deployment that is corrected at once, are over by then; a resource group that somebody deleted is not. */
export const HELD_BACK_RECONCILIATIONS = 3;

/** As many resource groups as a reconciliation lists at once: the others are held back until these are settled. */
const MAX_REMEMBERED = 200;

/** How many groups of a resource group Azure should have, and has not. */
export interface Absence {
  absentCount: number;
  expectedCount: number;
}

/** A resource group in which too much was missing: in how many reconciliations in a row, and in which of them last. */
export const heldBackSchema = z.object({ resourceGroup: z.string(), times: z.int(), number: z.int() });
export type HeldBack = z.infer<typeof heldBackSchema>;

/** Whether so much is missing that Azure may have been asked in another subscription, or its list be a part. */
export function isMassAbsence({ absentCount, expectedCount }: Absence): boolean {
  return absentCount > MAX_ABSENT && absentCount > expectedCount / 2;
}

/** In how many reconciliations in a row before this one too much was missing in a resource group, by its name in any letter case. */
export function timesHeldBack(heldBack: readonly HeldBack[], resourceGroup: string, number: number): number {
  const found = heldBack.find((each) => isOf(each, resourceGroup));
  return found === undefined ? 0 : found.times - (found.number === number ? 1 : 0);
}

/** The same list once too much was missing in this resource group in this reconciliation. */
export function withHeldBack(heldBack: readonly HeldBack[], resourceGroup: string, number: number): HeldBack[] {
  const times = timesHeldBack(heldBack, resourceGroup, number) + 1;
  const others = heldBack.filter((each) => !isOf(each, resourceGroup));
  return [...others, { resourceGroup: resourceGroup.toLowerCase(), times, number }].slice(0, MAX_REMEMBERED);
}

/** The same list once a resource group, or none at all where none is named, could not be compared: how often in a row goes on as it was. */
export function withCarriedOver(heldBack: readonly HeldBack[], number: number, resourceGroup?: string): HeldBack[] {
  return heldBack.map((each) =>
    resourceGroup === undefined || isOf(each, resourceGroup)
      ? { ...each, number: Math.max(each.number, number) }
      : each,
  );
}

/** The same list once this resource group was compared, and not too much was missing. */
export function withoutHeldBack(heldBack: readonly HeldBack[], resourceGroup: string): HeldBack[] {
  return heldBack.filter((each) => !isOf(each, resourceGroup));
}

/** What the next reconciliation has to know: what was held back in this one, or could not be looked at. */
export function heldBackIn(heldBack: readonly HeldBack[], number: number): HeldBack[] {
  return heldBack.filter((each) => each.number === number);
}

/** What a reconciliation reports of the groups that it holds back; a report has 200 characters of it. */
export function explainMassAbsence({ absentCount, expectedCount }: Absence, times: number): Failure {
  const message =
    `${absentCount} of ${expectedCount} groups are not in Azure. Is AZURE_SUBSCRIPTION_ID right? ` +
    `Left alone, ${times} of ${HELD_BACK_RECONCILIATIONS} times; then they count as deleted. ACIDelete removes one now.`;
  return { code: 'massAbsence', message };
}

function isOf(each: HeldBack, resourceGroup: string): boolean {
  return each.resourceGroup === resourceGroup.toLowerCase();
}
