/**
 * Node's `http`. An import of it reads every export, `WebSocket` among them, and so loads the whole of undici: 13 MB and 30 ms that
 * nothing here has a use for (nodejs/node, lib/http.js has it as a lazy property).
 */
export const http = process.getBuiltinModule('node:http');
