const dayMs = 86_400_000;
const runs = 10;

/** Times every kind of report of the month before `untilMs`, as a client over HTTP. The first run of each is among the ten. */
export async function timeReports(stack, untilMs) {
  const from = new Date(untilMs - 30 * dayMs).toISOString();
  const range = `from=${from}&to=${new Date(untilMs).toISOString()}`;
  const results = [];
  for (const path of reports()) {
    const times = [];
    let bytes = 0;
    for (let run = 0; run < runs; run += 1) {
      const startedAt = performance.now();
      bytes = await read(stack, `${path}${path.includes('?') ? '&' : '?'}${range}`);
      times.push(performance.now() - startedAt);
    }
    times.sort((one, other) => one - other);
    results.push({ name: path, p50: Math.round(times[runs / 2]), max: Math.round(times[runs - 1]), bytes });
  }
  return results;
}

function reports() {
  const groups = ['key', 'team', 'proxy', 'provider', 'model', 'user'];
  const filters = [
    'key=key-0',
    'team=team-3',
    'provider=provider-1',
    'user=user-0@example.com',
    'team=team-3&model=vendor/model-5',
  ];
  const zones = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu'];
  return [
    '/usage/summary',
    ...groups.map((group) => `/usage/summary?groupBy=${group}`),
    ...filters.map((filter) => `/usage/summary?${filter}`),
    '/usage/summary?groupBy=model&key=key-0',
    '/usage/summary?groupBy=key&team=team-3',
    '/usage/summary?groupBy=key&provider=provider-1',
    ...zones.flatMap((zone) => [
      `/usage/timeseries?interval=hour&timeZone=${zone}`,
      `/usage/timeseries?interval=day&timeZone=${zone}`,
      `/usage/timeseries?interval=hour&groupBy=key&top=10&timeZone=${zone}`,
      `/usage/timeseries?interval=day&groupBy=key&timeZone=${zone}`,
      `/usage/timeseries?interval=day&groupBy=key&top=10&timeZone=${zone}`,
    ]),
    '/usage/timeseries?interval=day&key=key-0&timeZone=Europe/Berlin',
    '/usage/timeseries?interval=day&groupBy=model&key=key-0&timeZone=Europe/Berlin',
    '/usage/timeseries?interval=week&groupBy=team&timeZone=Europe/Berlin',
    '/usage/summary?percentiles=true',
    '/usage/summary?percentiles=true&groupBy=model',
    '/usage/summary?percentiles=true&groupBy=key',
    '/usage/timeseries?interval=hour&percentiles=true&timeZone=Europe/Berlin',
    '/usage/events?limit=50',
    '/usage/events?limit=50&user=user-0@example.com',
    '/usage/events?limit=50&outcome=failed',
  ];
}

async function read(stack, path) {
  const answer = await fetch(`${stack.url}${path}`, { headers: { authorization: `Bearer ${stack.adminToken}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return text.length;
}
