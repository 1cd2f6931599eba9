import { access } from './steps/access.ts';
import { badRequests, chunkedBody } from './steps/bad-requests.ts';
import { collection } from './steps/collection.ts';
import { creation } from './steps/creation.ts';
import { looking } from './steps/looking.ts';
import { secondLife } from './steps/second-life.ts';
import { sessionReports } from './steps/sessions.ts';
import type { Step } from './steps/step.ts';

/** The whole life of a group, in the order in which it is lived. */
export const LIFE: readonly Step[] = [
  ...access,
  badRequests,
  chunkedBody,
  ...creation,
  ...looking,
  ...sessionReports,
  ...collection,
  ...secondLife,
];
