import { z } from 'zod';

/**
 * An event of Event Grid's Azure resource schema, as far as it is read: what happened is only a hint, so that everything
 * but the resource is optional. (https://learn.microsoft.com/azure/event-grid/event-schema-resource-groups)
 */
export const resourceEventSchema = z.looseObject({
  id: z.string().max(200),
  eventType: z.string().max(200),
  eventTime: z.string().max(100).exactOptional(),
  data: z.looseObject({
    resourceProvider: z.string().max(200),
    resourceUri: z.string().max(1000),
    operationName: z.string().max(200),
  }),
});
export type ResourceEvent = z.infer<typeof resourceEventSchema>;
