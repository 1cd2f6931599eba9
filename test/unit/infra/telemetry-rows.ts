/**
 * Rows as they come to Application Insights with `"telemetryMode": "OpenTelemetry"`, in the columns that our queries read.
 *
 * The host exports the spans of ASP.NET Core and of `DurableTask.*`, and the log lines of its categories (azure-functions-host,
 * OpenTelemetryConfigurationExtensions.cs). Durable names its spans by kind and name (durabletask, TraceHelper.CreateSpanName), and a span of
 * the kind Server or Consumer becomes a request whose operation has its name, and none of the words of the function. A log line becomes a trace
 * without an operation's name and with its category (both seen with Azure.Monitor.OpenTelemetry.Exporter 1.10.0 and a listener in its place).
 */
export const durableRequest = (name: string, duration = 12) =>
  ({ name, operation_Name: name, success: true, resultCode: '0', url: '', duration, itemCount: 1 }) as const;

/** A request to a function; its name has the route's template (azure-functions-host, the same file). */
export const httpRequest = (method: string, path: string, duration: number) => {
  const name = `${method} ${path}`;
  const url = `https://func-aci.azurewebsites.net${path}`;
  return { name, operation_Name: name, success: true, resultCode: '200', url, duration, itemCount: 1 } as const;
};

/** A line of a function's own log. */
export const logLine = (functionName: string, message: string) =>
  ({ message, severityLevel: 1, operation_Name: '', category: `Function.${functionName}.User` }) as const;
