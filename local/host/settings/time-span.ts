/**
 * Reads a .NET TimeSpan, `[days.]hh:mm:ss`, in milliseconds; undefined for anything else. .NET takes an hour above 23 for days,
 * which nobody means, so it is refused (learn.microsoft.com/dotnet/api/system.timespan.parse).
 */
export function parseTimeSpanMs(text: string): number | undefined {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(text.trim());
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((group) => Number(match[group] ?? 0));
  if (days === undefined || hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
