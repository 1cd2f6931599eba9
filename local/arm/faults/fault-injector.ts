import type { ArmError } from '../wire/arm-reply.ts';
import type { FailNext, Faults, FaultOperation } from './faults.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A fault that hits a request. */
export interface InjectedFault {
  error: ArmError;
  /** The request takes effect all the same. */
  afterEffect: boolean;
  /** The message ends with the request's body. */
  echoesBody: boolean;
}

/** Decides which requests are hit. Faults that are counted off (`times`) are counted here. */
export interface FaultInjector {
  faults(): Faults;
  setFaults(faults: Faults): void;
  hit(operation: FaultOperation, containerGroupName: string | undefined, requestId: string): InjectedFault | undefined;
}

/** Seconds that a throttled client is told to wait. */
const RETRY_AFTER_SECONDS = 1;

/** Creates an injector for these faults. */
export function createFaultInjector(initial: Faults, random: SeededRandom): FaultInjector {
  let faults = initial;
  let failNext: FailNext[] = [];
  setFaults(initial);

  return { faults: () => faults, setFaults, hit };

  function setFaults(next: Faults): void {
    faults = next;
    failNext = next.arm.failNext.map((fault) => ({ ...fault }));
  }

  function hit(operation: FaultOperation, name: string | undefined, requestId: string): InjectedFault | undefined {
    const counted = failNext.find((fault) => fault.times > 0 && isAimedAt(fault, operation, name));
    if (counted) {
      counted.times -= 1;
      const { status, code, message, retryAfterSeconds, afterEffect } = counted;
      const error = { status, code, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
      return { error, afterEffect, echoesBody: counted.echoesBody ?? false };
    }
    return hitAtRandom(operation, requestId);
  }

  function hitAtRandom(operation: FaultOperation, requestId: string): InjectedFault | undefined {
    const isHit = (rate: number, kind: string): boolean => rate > 0 && random.draw(requestId, kind) < rate;
    if (isHit(faults.arm.throttleRate, 'throttle')) return injected(THROTTLED);
    if (isHit(faults.arm.serverErrorRate, 'server error')) return injected(SERVER_ERROR);
    const isWrite = operation === 'PUT' || operation === 'DELETE' || operation === 'PATCH' || operation === 'POST';
    if (isWrite && isHit(faults.arm.lostAnswerRate, 'lost answer')) return injected(SERVER_TIMEOUT, true);
    return undefined;
  }
}

function injected(error: ArmError, afterEffect = false): InjectedFault {
  return { error, afterEffect, echoesBody: false };
}

const THROTTLED: ArmError = {
  status: 429,
  code: 'TooManyRequests',
  message: 'The request is being throttled. Please try again later.',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
};

const SERVER_ERROR: ArmError = {
  status: 500,
  code: 'InternalServerError',
  message: 'Encountered an internal server error.',
};

const SERVER_TIMEOUT: ArmError = {
  status: 503,
  code: 'ServerTimeout',
  message: 'The server could not finish the request in time.',
};

function isAimedAt(fault: FailNext, operation: FaultOperation, name: string | undefined): boolean {
  if (fault.operation !== operation) return false;
  return fault.containerGroupName === undefined || fault.containerGroupName.toLowerCase() === name?.toLowerCase();
}
