import type { ArmError } from '../wire/arm-reply.ts';
import type { FaultOperation } from './fault-operation.ts';
import type { FaultTarget } from './fault-target.ts';
import type { FailNext, Faults } from './faults.ts';
import type { Incidents } from './incidents.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A fault that hits a request. */
export interface InjectedFault {
  /** Absent: the connection breaks instead of an answer. */
  error?: ArmError;
  /** The request takes effect all the same. */
  afterEffect: boolean;
  /** The message ends with the request's body. */
  echoesBody: boolean;
}

/** A request before it is worked on. */
export interface FaultedRequest {
  requestId: string;
  atMs: number;
  target: FaultTarget & { operation: FaultOperation };
}

/** Decides which requests are hit. Faults that are counted off (`times`) are counted here. */
export interface FaultInjector {
  faults(): Faults;
  setFaults(faults: Faults): void;
  hit(request: FaultedRequest): InjectedFault | undefined;
  /** By how much a request is slower than it would be. */
  delayMs(request: FaultedRequest): number;
}

/** Seconds that a throttled client is told to wait. */
const RETRY_AFTER_SECONDS = 1;

/** Creates an injector for these faults. */
export function createFaultInjector(initial: Faults, random: SeededRandom, incidents: Incidents): FaultInjector {
  let faults = initial;
  let failNext: FailNext[] = [];
  setFaults(initial);

  return { faults: () => faults, setFaults, hit, delayMs };

  function setFaults(next: Faults): void {
    faults = next;
    failNext = next.arm.failNext.map((fault) => ({ ...fault }));
  }

  function hit(request: FaultedRequest): InjectedFault | undefined {
    const counted = failNext.find((fault) => fault.times > 0 && isAimedAt(fault, request.target));
    if (counted) {
      counted.times -= 1;
      const { status, code, message, retryAfterSeconds, afterEffect } = counted;
      const error = { status, code, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
      return { error, afterEffect, echoesBody: counted.echoesBody ?? false };
    }
    return hitAtRandom(request) ?? hitByIncident(request);
  }

  function hitAtRandom({ requestId, target: { operation } }: FaultedRequest): InjectedFault | undefined {
    const isHit = (rate: number, kind: string): boolean => rate > 0 && random.draw(requestId, kind) < rate;
    if (isHit(faults.arm.throttleRate, 'throttle')) return injected(throttled(RETRY_AFTER_SECONDS));
    if (isHit(faults.arm.serverErrorRate, 'server error')) return injected(SERVER_ERROR);
    if (isWrite(operation) && isHit(faults.arm.lostAnswerRate, 'lost answer')) return injected(SERVER_TIMEOUT, true);
    return undefined;
  }

  function hitByIncident({ requestId, atMs, target }: FaultedRequest): InjectedFault | undefined {
    const throttling = incidents.hit('throttled', target, requestId, atMs);
    if (throttling) return injected(throttled(throttling.retryAfterSeconds));
    if (incidents.hit('serverErrors', target, requestId, atMs)) return injected(SERVER_ERROR);
    if (isWrite(target.operation) && incidents.hit('lostAnswers', target, requestId, atMs)) {
      return injected(SERVER_TIMEOUT, true);
    }
    const reset = incidents.hit('connectionResets', target, requestId, atMs);
    return reset && { afterEffect: reset.afterEffect, echoesBody: false };
  }

  function delayMs({ requestId, atMs, target }: FaultedRequest): number {
    return (incidents.hit('slowArm', target, requestId, atMs)?.delaySeconds ?? 0) * 1000;
  }
}

function injected(error: ArmError, afterEffect = false): InjectedFault {
  return { error, afterEffect, echoesBody: false };
}

function isWrite(operation: FaultOperation): boolean {
  return operation === 'PUT' || operation === 'DELETE' || operation === 'PATCH' || operation === 'POST';
}

function throttled(retryAfterSeconds: number | null): ArmError {
  return {
    status: 429,
    code: 'TooManyRequests',
    message: 'The request is being throttled. Please try again later.',
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  };
}

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

function isAimedAt(fault: FailNext, { operation, name }: FaultedRequest['target']): boolean {
  if (fault.operation !== operation) return false;
  return fault.containerGroupName === undefined || fault.containerGroupName.toLowerCase() === name?.toLowerCase();
}
