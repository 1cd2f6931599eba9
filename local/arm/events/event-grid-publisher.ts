import type { Clock } from '../../clock/clock.ts';
import type { Activity } from '../server/activity.ts';
import { DELIVERY_TIMEOUT_MS, decideDelivery } from './delivery-schedule.ts';
import type { EventOutbox, PendingEvent } from './event-outbox.ts';
import { http } from '../server/http-module.ts';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import { postJson, type PostOutcome } from './post-json.ts';
import type { SeededRandom } from '../faults/seeded-random.ts';
import { StorageUnavailable } from '../../sqlite/storage-error.ts';
import { createWakeUp } from '../groups/lifecycle/wake-up.ts';

/** Delivers the events of the outbox to one webhook, once that has shown that it wants them. */
export interface EventGridPublisher {
  /** Subscribes a webhook in place of the one before; the handshake is repeated until the webhook answers it. */
  publishTo(webhookUrl: string): void;
  /** Resolves when the handshake with the webhook was made. */
  whenSubscribed(): Promise<void>;
  /** Call it after the outbox has changed. */
  reschedule(): void;
  isDue(): boolean;
  stop(): void;
}

/** What a publisher works with. */
export interface EventGridPublisherOptions {
  outbox: EventOutbox;
  clock: Clock;
  random: SeededRandom;
  activity: Activity;
  log: (line: string) => void;
}

/** Azure sends the handshake once; here the host may still be starting. */
const HANDSHAKE_RETRY_MS = 150;

/** How long an event waits whose outcome the disk didn't take. */
const STORAGE_RETRY_MS = 1_000;

/** Deliveries at the same time. */
const MAX_DELIVERIES = 32;

const SUBSCRIPTION_NAME = 'LOCAL-ACI-MONITOR';

/** Creates a publisher without a subscription: until `publishTo`, events stay in the outbox. */
export function createEventGridPublisher(options: EventGridPublisherOptions): EventGridPublisher {
  const { outbox, clock, activity } = options;
  const agent = new http.Agent({ keepAlive: true, maxSockets: MAX_DELIVERIES });
  const inFlight = new Set<number>();
  let webhookUrl: string | undefined;
  let isStopped = false;
  // Reversed events go out one after another: side by side they could arrive in any order.
  let mustGoAlone = false;
  let subscription = createSubscription();
  const wakeUp = createWakeUp(clock, nextDueMs, deliverDue);

  return {
    publishTo,
    whenSubscribed: async () => void (await subscription.made.promise),
    reschedule: wakeUp.reschedule,
    isDue: wakeUp.isDue,
    stop,
  };

  function publishTo(url: string): void {
    webhookUrl = url;
    outbox.open();
    if (subscription.isMade) subscription = createSubscription();
    void shakeHands(url);
  }

  async function shakeHands(url: string): Promise<void> {
    const validationCode = options.random.uuid('handshake', url, clock.now());
    const end = activity.begin();
    const outcome = await post(url, { 'aeg-event-type': 'SubscriptionValidation' }, [
      makeValidationEvent(options, url, validationCode),
    ]);
    end();
    if (isStopped || url !== webhookUrl) return;
    if (!isValidated(outcome, validationCode)) {
      clock.schedule(clock.now() + HANDSHAKE_RETRY_MS, () => {
        if (!isStopped && url === webhookUrl) void shakeHands(url);
      });
      return;
    }
    subscription.isMade = true;
    subscription.made.resolve(true);
    wakeUp.reschedule();
  }

  function nextDueMs(): number | undefined {
    const capacity = mustGoAlone ? 1 : MAX_DELIVERIES;
    return subscription.isMade && inFlight.size < capacity ? outbox.nextDueMs(inFlight) : undefined;
  }

  function deliverDue(): void {
    for (const pending of outbox.due(clock.now(), MAX_DELIVERIES - inFlight.size, inFlight)) {
      mustGoAlone = pending.isReversed;
      if (mustGoAlone && inFlight.size > 0) return;
      inFlight.add(pending.sequence);
      void deliver(pending);
      if (mustGoAlone) return;
    }
  }

  async function deliver(pending: PendingEvent): Promise<void> {
    const end = activity.begin();
    const attempts = pending.attempts + 1;
    const outcome = await post(
      webhookUrl ?? '',
      {
        'aeg-event-type': 'Notification',
        'aeg-subscription-name': SUBSCRIPTION_NAME,
        'aeg-delivery-count': String(pending.attempts),
        'aeg-data-version': '2',
        'aeg-metadata-version': '1',
      },
      [pending.event],
    );
    if (!isStopped) settleOrWait(pending, attempts, outcome);
    end();
    wakeUp.reschedule();
  }

  /** What can't be written down is as good as not delivered, and is delivered again. */
  function settleOrWait(pending: PendingEvent, attempts: number, outcome: PostOutcome): void {
    try {
      settle(options, pending, attempts, outcome);
      inFlight.delete(pending.sequence);
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      clock.schedule(clock.now() + STORAGE_RETRY_MS, () => {
        inFlight.delete(pending.sequence);
        wakeUp.reschedule();
      });
    }
  }

  function post(url: string, headers: Record<string, string>, document: unknown): Promise<PostOutcome> {
    return postJson(url, headers, document, { agent, clock, timeoutMs: DELIVERY_TIMEOUT_MS });
  }

  function stop(): void {
    isStopped = true;
    wakeUp.stop();
    agent.destroy();
  }
}

/** Writes down what became of an attempt. */
function settle(
  { outbox, clock, log }: EventGridPublisherOptions,
  pending: PendingEvent,
  attempts: number,
  outcome: PostOutcome,
): void {
  const nowMs = clock.now();
  const status = 'status' in outcome ? outcome.status : undefined;
  const decision = decideDelivery({ status, attempts, publishedMs: pending.publishedMs, nowMs });
  const description = 'status' in outcome ? `HTTP ${outcome.status}` : outcome.failure;
  switch (decision.kind) {
    case 'delivered':
      return outbox.delivered(pending.sequence);
    case 'retry':
      return outbox.retry(pending.sequence, decision.atMs, description);
    case 'giveUp':
      log(`event ${pending.sequence} was dead-lettered: ${decision.reason}, ${description}`);
      return outbox.giveUp(pending, nowMs, decision.reason, description);
  }
}

interface Subscription {
  isMade: boolean;
  made: PromiseWithResolvers<true>;
}

function createSubscription(): Subscription {
  return { isMade: false, made: Promise.withResolvers<true>() };
}

/** Without a `validationUrl`: nobody could answer by hand here. */
function makeValidationEvent(
  { random, clock }: EventGridPublisherOptions,
  url: string,
  validationCode: string,
): JsonObject {
  return {
    id: random.uuid('handshake event', url, clock.now()),
    topic: '',
    subject: '',
    data: { validationCode },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: new Date(clock.now()).toISOString(),
    metadataVersion: '1',
    dataVersion: '2',
  };
}

/** The webhook has to send the code back (learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema). */
function isValidated(outcome: PostOutcome, validationCode: string): boolean {
  if (!('status' in outcome) || outcome.status !== 200) return false;
  const answer = parseJson(outcome.body);
  return isJsonObject(answer) && answer['validationResponse'] === validationCode;
}
