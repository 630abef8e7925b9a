import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { now, Tally, TallyReader } from './tally.mjs';

const PATIENCE_SECONDS = 300;
const WARM_UP_TASKS = 500;

const task = due => ({ due, bot: '4711', url: 'https://example.org/items/0815?page=7', depth: 3, note: 'abcdefghijklmn' });

/**
 * The verbs every peer of the benchmark has: prepare, worker, burst and steady; see README.md.
 * @param peer prepare(); work(tally), returns a function that stops it; open(connections), returns submit(tasks) and close()
 */
export async function main(peer) {
  const { positionals: [verb], values } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(['count', 'batch', 'connections', 'rate', 'seconds'].map(name => [name, { type: 'string' }])),
  });
  const plan = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  if (verb === 'prepare') return peer.prepare();
  if (verb === 'worker') return work(peer);
  const run = { burst, steady }[verb];
  if (!run) throw new Error(`no verb ${verb}`);

  const load = await peer.open(plan.connections ?? 64);
  await burstOf(load, { count: WARM_UP_TASKS, batch: plan.batch ?? 1, connections: plan.connections ?? 64 });
  console.log(JSON.stringify(await run(load, plan)));
  await load.close();
}

async function work(peer) {
  const stop = await peer.work(new Tally());
  console.log('ready');
  const end = () => stop().then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.stdin.once('end', end).resume();
}

async function burst(load, plan) {
  const { start, submitted, records } = await burstOf(load, plan);
  const end = records.reduce((last, record) => Math.max(last, record.done), 0);
  return { tasks: plan.count, seconds: (end - start) / 1e6, submitSeconds: (submitted - start) / 1e6 };
}

async function burstOf(load, { count, batch, connections }) {
  const start = now();
  const reader = new TallyReader(start);
  let left = count;
  const caller = async () => {
    while (left > 0) {
      const size = Math.min(batch, left);
      left -= size;
      await load.submit(Array.from({ length: size }, () => task(now())));
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
  const submitted = now();
  if (!await reader.until(count, now() + PATIENCE_SECONDS * 1e6)) throw new Error(`only ${reader.records.length} of ${count} done`);
  return { start, submitted, records: reader.records };
}

// Sends when a task is due, whatever became of those before: a system that falls behind shows it in its latencies.
async function steady(load, { rate, seconds }) {
  const tasks = rate * seconds;
  const start = now();
  const reader = new TallyReader(start);
  let failure;
  for (let sent = 0; sent < tasks;) {
    for (let due; sent < tasks && (due = start + (sent * 1e6) / rate) <= now(); sent++) {
      load.submit([task(due)]).catch(error => failure ??= error);
    }
    await sleep(1);
  }
  const deadline = now() + seconds * 1e6;
  await reader.until(tasks, deadline);
  if (failure) throw failure;

  // One that is not done by then has waited at least so long.
  const undone = tasks - reader.records.length;
  const late = Array.from({ length: undone }, (_, i) => deadline - start - ((tasks - 1 - i) * 1e6) / rate);
  const startMs = percentiles([...reader.records.map(record => record.start - record.due), ...late]);
  const doneMs = percentiles([...reader.records.map(record => record.done - record.due), ...late]);
  return { tasks, undone, startMs, doneMs };
}

function percentiles(micros) {
  const sorted = Float64Array.from(micros).sort();
  const at = share => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] / 1000;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
