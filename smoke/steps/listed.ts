import { z } from 'zod';
import type { SmokeRun } from '../smoke-run.ts';
import { groupSchema, read, type Group } from './group.ts';

/** The group as the list shows it, whatever its state; undefined where no page has it. The page is kept for comparison, with this group alone. */
export async function findListed(run: SmokeRun): Promise<Group | undefined> {
  let token: string | null = null;
  do {
    const query = new URLSearchParams({
      state: 'all',
      limit: '100',
      ...(token === null ? {} : { continuationToken: token }),
    });
    const answer = await run.get(`ACIList?${query.toString()}`);
    const items = read(answer, z.array(groupSchema));
    const found = items.find(({ containerGroupName }) => containerGroupName === run.group);
    if (found !== undefined) {
      run.keepAnswer('the list', { ...answer, json: [found] });
      return found;
    }
    token = answer.headers.get('x-continuation-token');
  } while (token !== null);
  return undefined;
}
