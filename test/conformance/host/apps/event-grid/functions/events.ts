import { app } from '@azure/functions';

const seen: unknown[] = [];

app.eventGrid('takesEvents', {
  handler: (event, context) => {
    seen.push({ event, metadata: context.triggerMetadata?.['data'] ?? null });
    if (event.subject === '/fails') throw new Error('this event fails');
  },
});
app.get('seen', { authLevel: 'anonymous', handler: () => ({ jsonBody: seen }) });
