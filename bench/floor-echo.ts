import { serveReports } from './floor.ts';

// The first floor: node:http, a JSON body in, a JSON body out.
await serveReports(() => undefined);
