import { z } from 'zod';
import { failureSchema } from '../domain/failure.ts';
import { containerGroupSchema, groupFactsSchema } from '../domain/group/container-group.ts';
import { commandSchemas, type CommandName } from '../domain/group/group-command.ts';
import { listItemSchema } from '../domain/group/list-item.ts';
import { defineEntity } from './contract.ts';

const { incarnation } = groupFactsSchema.shape;

/** What an operation answers: the group after it, and why it was refused if it was. */
export const operationReplySchema = z.object({
  outcome: z.enum(['changed', 'unchanged', 'refused']),
  group: listItemSchema.exactOptional(),
  incarnation: incarnation.exactOptional(),
  refusal: failureSchema.exactOptional(),
  /** Whether its server itself has reported; absent where it has not. */
  hasReported: z.literal(true).exactOptional(),
});
export type OperationReply = z.infer<typeof operationReplySchema>;

/** The durable entity of one container group; its key is `groupKey`, its operations are the domain's commands. */
export const containerGroupEntity = defineEntity('containerGroup', {
  schemaVersion: 1,
  migrations: {},
  state: containerGroupSchema,
  operations: {
    ...commandOperations(),
    /** Changes nothing: shows the group after all that was sent before, or refuses when it is another incarnation. */
    look: operation(z.object({ incarnation })),
  },
});

function operation<Input extends z.ZodObject>(input: Input) {
  return { input, reply: operationReplySchema };
}

type CommandOperations = {
  [Name in CommandName]: { input: (typeof commandSchemas)[Name]; reply: typeof operationReplySchema };
};

/** Each command as an operation, which takes the command less its name. */
function commandOperations(): CommandOperations {
  const operations = Object.entries(commandSchemas).map(([name, input]) => [name, operation(input)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript does not see that the names of the entries are those of the table
  return Object.fromEntries(operations) as CommandOperations;
}
