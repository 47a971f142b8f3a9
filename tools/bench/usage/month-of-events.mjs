import crypto from 'node:crypto';

const organizationId = '00000000-0000-7000-8000-000000000001';
const minuteMs = 60_000;
const dayMs = 86_400_000;
const counts = { keys: 200, teams: 20, proxies: 10, providers: 5, models: 15, users: 3_000 };

/**
 * `count` events over the 30 days before `untilMs`, oldest first, as an iterable: busy by day and quiet at night; keys, models
 * and users of very different weight (Zipf). `independent`: every name is drawn for itself, so that hardly two events share all
 * of them; else a key belongs to a team and uses two proxies and three models, as keys do. The same `seed` gives the same names and sizes.
 */
export function* monthOfEvents({ count, untilMs, seed = 1, independent = false }) {
  const random = mulberry32(seed);
  const fromMs = untilMs - 30 * dayMs;
  const draw = zipfDraws(random);
  const minutes = minutesOf(fromMs, 30 * 24 * 60);
  let made = 0;
  let due = 0;
  for (const { startMs, share } of minutes) {
    due += share * count;
    while (made < Math.round(due) && made < count) {
      made += 1;
      yield eventAt(startMs + Math.floor(random() * minuteMs), { random, draw, independent });
    }
  }
}

/** The share of the traffic of each minute: a day curve that falls to a fifth at night. */
function minutesOf(fromMs, count) {
  const weights = Array.from({ length: count }, (_, index) => {
    const hour = ((fromMs + index * minuteMs) % dayMs) / 3_600_000;
    return 0.6 - 0.4 * Math.cos(((hour - 3) / 24) * 2 * Math.PI);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => ({ startMs: fromMs + index * minuteMs, share: weight / total }));
}

function eventAt(timeMs, { random, draw, independent }) {
  const key = draw.keys();
  const habit = (choices, total, salt) =>
    independent ? draw[salt]() : (key * 7 + Math.floor(random() * choices) * 3 + salt.length) % total;
  const [proxy, model] = [habit(2, counts.proxies, 'proxies'), habit(3, counts.models, 'models')];
  const provider = independent ? draw.providers() : model % counts.providers;
  const team = independent ? draw.teams() : key % counts.teams;
  const user = independent || random() < 0.5 ? draw.users() : (key * 15 + Math.floor(random() * 15)) % counts.users;
  const inputTokens = Math.ceil(Math.exp(6 + normal(random)));
  const outputTokens = Math.ceil(Math.exp(5 + normal(random)));
  const failed = random() < 0.01;
  return {
    id: uuidAt(timeMs),
    organizationId,
    gatewayInstanceId: 'bench',
    requestId: `req_${Math.floor(random() * 1e12).toString(36)}`,
    occurredAt: new Date(timeMs).toISOString(),
    ...named('virtualKey', key, `key-${key}`),
    ...named('team', team, `team-${team}`),
    ...named('proxy', proxy, `proxy-${proxy}`),
    ...named('provider', provider, `provider-${provider}`),
    requestedModel: `model-${model}`,
    upstreamModel: `vendor/model-${model}`,
    modelId: `model-${model}`,
    userTag: `user-${user}@example.com`,
    dialect: 'openai-chat',
    operation: 'chat',
    stream: random() < 0.6,
    outcome: failed ? 'failed' : 'completed',
    httpStatus: failed ? 502 : 200,
    errorCode: failed ? 'upstream_error' : null,
    attempts: 1,
    usage: { inputTokens, outputTokens, cachedInputTokens: Math.floor(inputTokens * random()), reasoningTokens: 0 },
    usageSource: 'reported',
    costMicroUsd: random() < 0.02 ? null : inputTokens + outputTokens * 5,
    priceVersion: 'catalog:2026-11-01',
    firstTokenMs: failed ? null : rounded(Math.exp(5.5 + 0.6 * normal(random))),
    durationMs: rounded(Math.exp(7.5 + 0.8 * normal(random))),
  };
}

const named = (kind, index, name) => ({ [`${kind}Id`]: idOf(kind, index), [`${kind}Name`]: name });
const idOf = (kind, index) => `00000000-0000-7000-${8000 + kind.length}-${String(index).padStart(12, '0')}`;

/** For each kind of name a function that draws an index: the first twice as often as the second, and so on. */
function zipfDraws(random) {
  const drawFrom = (count) => {
    const sums = new Float64Array(count);
    let total = 0;
    for (let index = 0; index < count; index += 1) sums[index] = total += 1 / (index + 1);
    return () => lowerBound(sums, random() * total);
  };
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, drawFrom(count)]));
}

function lowerBound(sums, value) {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A UUIDv7 of that time. */
function uuidAt(timeMs) {
  const bytes = crypto.randomBytes(16);
  bytes.writeUIntBE(timeMs, 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const normal = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const rounded = (milliseconds) => Math.round(milliseconds * 1000) / 1000;

/** A small generator of numbers from a seed. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
