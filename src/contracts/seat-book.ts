import { z } from 'zod';
import { closeGroupSchema, openGroupSchema } from '../domain/seat/close-group.ts';
import { seatBookSchema } from '../domain/seat/seat-book.ts';
import { batchSchema } from '../domain/seat/take-batch.ts';
import { defineEntity } from './contract.ts';

/** It answers nothing: what is told to anybody is read of its committed state. */
const reply = z.object({});

/** The durable entity that sells the seats of a fleet; its key is `bookKey`. */
export const seatBookEntity = defineEntity('seatBook', {
  schemaVersion: 1,
  migrations: {},
  state: seatBookSchema,
  operations: {
    take: { input: batchSchema, reply },
    close: { input: closeGroupSchema, reply },
    open: { input: openGroupSchema, reply },
  },
});
