import { request } from 'node:http';
import { startGatewayProcess, temporaryDirectory } from './gateway-process.js';
import { type Spread, spread } from './percentiles.js';
import { ZulipSink } from './zulip-sink.js';

const WARM_UP = 50;
const RUNS = 300;

/** Milliseconds, idle: from sending a webhook to its answer, and to the arrival of its message at the sink. */
export interface LatencyResult {
  answer_ms: Spread;
  arrival_ms: Spread;
}

/** One webhook at a time through a gateway in a process of its own, to a sink in this one. */
export async function run(): Promise<LatencyResult> {
  const directory = temporaryDirectory();
  const sink = new ZulipSink();
  const site = await sink.listen();
  const gateway = await startGatewayProcess(directory.path, {
    ZULIP_SITE: site,
    ZULIP_EMAIL: 'bench-bot@example.com',
    ZULIP_API_KEY: 'not-a-secret-of-anyone',
    ZULIP_CHANNEL: 'bench',
  });
  try {
    const hookUrl = await makeSource(gateway.url, gateway.adminKey);
    const answers: number[] = [];
    const arrivals: number[] = [];
    for (let number = 1; number <= WARM_UP + RUNS; number += 1) {
      const { answer, arrival } = await measureOne(hookUrl, number, sink);
      if (number <= WARM_UP) continue;
      answers.push(answer);
      arrivals.push(arrival);
    }
    return { answer_ms: spread(answers), arrival_ms: spread(arrivals) };
  } finally {
    await gateway.stop();
    sink.close();
    directory.remove();
  }
}

async function makeSource(url: string, adminKey: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/sources`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bench', provider: 'groove' }),
  });
  const source = (await response.json()) as { hook_url: string };
  return source.hook_url;
}

async function measureOne(
  hookUrl: string,
  number: number,
  sink: ZulipSink,
): Promise<{ answer: number; arrival: number }> {
  const arrived = new Promise<number>((resolve) => {
    sink.onMessage((at) => {
      resolve(at);
    });
  });
  const sent = performance.now();
  await post(
    hookUrl,
    JSON.stringify({ number, title: `Latency ${number}`, state: 'opened', customer_name: 'Test Name' }),
  );
  const answered = performance.now();
  return { answer: answered - sent, arrival: (await arrived) - sent };
}

function post(url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'x-groove-event': 'ticket_started' };
    const call = request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 202) resolve();
        else reject(new Error(`The hook answered ${String(response.statusCode)}.`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
