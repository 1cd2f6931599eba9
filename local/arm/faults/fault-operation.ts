/** The kinds of request that a fault can be aimed at. */
export const faultOperations = ['PUT', 'GET', 'LIST', 'DELETE', 'PATCH', 'POST', 'LOGS', 'POLL'] as const;
/** One kind of request. */
export type FaultOperation = (typeof faultOperations)[number];
