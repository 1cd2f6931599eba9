const { app } = require('@azure/functions');
const core = require('@azure/functions-core');

const seen = [];

app.hook.appStart((context) => {
  seen.push({ name: 'appStart', hookData: context.hookData });
});
app.hook.appTerminate(() => {
  console.log('appTerminate ran');
});
app.hook.preInvocation((context) => {
  context.hookData.startedBy = 'preInvocation';
  if (context.invocationContext.functionName !== 'hooked') return;
  const handler = context.functionHandler;
  context.functionHandler = async (...inputs) => {
    const response = await handler(...inputs);
    return { ...response, headers: { 'x-wrapped': 'yes' } };
  };
});
app.hook.postInvocation((context) => {
  seen.push({
    name: context.invocationContext.functionName,
    hookData: { ...context.hookData },
    error: context.error?.message ?? null,
  });
  if (context.invocationContext.functionName === 'recovered') {
    context.error = null;
    context.result = { status: 418, body: 'recovered' };
  }
});

app.get('hooked', { authLevel: 'anonymous', handler: () => ({ body: 'hooked' }) });
app.get('recovered', {
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('to be recovered');
  },
});
app.get('seen', {
  authLevel: 'anonymous',
  handler: () => ({ jsonBody: { seen, hasCore: typeof core.registerFunction, version: core.version } }),
});
app.get('readOnly', {
  authLevel: 'anonymous',
  handler: () => {
    try {
      core.registerFunction({ name: 'late', bindings: {} }, () => undefined);
      return { body: 'registered' };
    } catch (error) {
      return { body: error.message };
    }
  },
});
