import { z } from 'zod';
import { openObject } from '../domain/open-shape.ts';
import { defineEntity } from './contract.ts';

/** The only key of the entity. */
export const SEALING_CHECK_KEY = 'mark';

const mark = openObject({ sealed: z.string() });

/** Keeps one sealed text that holds no secret, by which a wrong sealing key is told from the right one before it is needed. */
export const sealingCheckEntity = defineEntity('sealingCheck', {
  schemaVersion: 1,
  migrations: {},
  state: mark,
  operations: { keep: { input: mark, reply: z.object({}) } },
});
