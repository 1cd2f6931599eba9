import { app } from '@azure/functions';
import { getProgrammingModel, hostVersion } from '@azure/functions-core';

app.get('core', {
  authLevel: 'anonymous',
  handler: () => ({ jsonBody: { hostVersion, model: getProgrammingModel().name } }),
});
app.hook.log((context) => {
  if (context.message === 'quiet') context.level = 'none';
  else context.message = context.message.toUpperCase();
});
app.get('logs', {
  authLevel: 'anonymous',
  handler: (_, context) => {
    context.log('quiet');
    context.warn('heard');
    return {};
  },
});
