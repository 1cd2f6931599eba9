/** What the fixture uses of the module that exists only inside a worker. */
declare module '@azure/functions-core' {
  export const hostVersion: string;
  export function getProgrammingModel(): { name: string };
}
