import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { z } from 'zod';

/** The writes of container groups that left this process for ARM. */
export interface ArmWrites extends Disposable {
  /** The incarnations that were put under each name; one that was put again, as after a lost answer, counts once. */
  incarnationsOf(name: string): ReadonlySet<string>;
}

/** Watches what is put from now on. The SDK sends a body in one piece. */
export function watchArmWrites(): ArmWrites {
  const incarnations = new Map<string, Set<string>>();
  const watch = (message: unknown): void => {
    const { request } = createdSchema.parse(message);
    const name = /\/containerGroups\/([^?/]+)\?/.exec(request.path)?.[1];
    if (request.method !== 'PUT' || name === undefined) {
      return;
    }
    const send = request.end.bind(request);
    request.end = (...given: unknown[]): ClientRequest => {
      const { tags } = bodySchema.parse(JSON.parse(String(given[0])));
      incarnations.set(name, (incarnations.get(name) ?? new Set()).add(tags['aci-incarnation']));
      return Reflect.apply(send, request, given);
    };
  };
  subscribe('http.client.request.created', watch);
  return {
    incarnationsOf: (name) => incarnations.get(name) ?? new Set(),
    [Symbol.dispose]: () => void unsubscribe('http.client.request.created', watch),
  };
}

const createdSchema = z.object({ request: z.instanceof(ClientRequest) });
const bodySchema = z.object({ tags: z.object({ 'aci-incarnation': z.string() }) });
