import { leaseRequestSchema } from '../../contracts/http-api.ts';
import { seatBookEntity } from '../../contracts/seat-book.ts';
import { bookKey, DEFAULT_FLEET } from '../../domain/seat/book-key.ts';
import { leaseAnswer, unknownLease } from '../seats/seat-answer.ts';
import type { SeatClerk } from '../seats/seat-clerk.ts';
import { parseRequest } from './api-request.ts';
import type { HttpFunction } from './register-http.ts';

/** ACILease: confirms, renews or releases a lease. Repeated it answers the same. */
export function aciLease(clerk: SeatClerk): HttpFunction {
  return {
    name: 'ACILease',
    methods: ['POST'],
    handle: async ({ client, json }) => {
      const { fleet = DEFAULT_FLEET, leaseId, action } = parseRequest(leaseRequestSchema, await json());
      // A book is not begun for somebody who has nothing of it.
      if ((await client.read(seatBookEntity, bookKey(fleet) ?? '')) === undefined) {
        throw unknownLease('of this leaseId');
      }
      const book = await clerk.act(client, fleet, { leaseId, action });
      const lease = Object.hasOwn(book.leases, leaseId) ? book.leases[leaseId] : undefined;
      if (lease === undefined) {
        throw unknownLease('of this leaseId');
      }
      if (action === 'release' && lease.releasedAt !== undefined) {
        return { jsonBody: { leaseId, requestId: lease.requestId, fleet, releasedAt: lease.releasedAt } };
      }
      return leaseAnswer(client, { fleet, id: leaseId, lease, book }, undefined);
    },
  };
}
