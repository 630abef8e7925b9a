import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { main } from './peer.mjs';
import { now } from './tally.mjs';

const NAME = 'bench';
const CONCURRENCY = Number(process.env.BENCH_CONCURRENCY ?? 100);
const [host, port] = process.env.BENCH_REDIS.split(':');
const connection = { host, port: Number(port), maxRetriesPerRequest: null };

await main({
  // BENCH_APPENDFSYNC: everysec or always.
  async prepare() {
    const redis = new Redis(connection);
    await redis.config('SET', 'appendfsync', process.env.BENCH_APPENDFSYNC ?? 'everysec');
    const queue = new Queue(NAME, { connection });
    await queue.obliterate({ force: true });
    await queue.close();
    await redis.quit();
  },

  async work(tally) {
    const starts = new WeakMap();
    const worker = new Worker(NAME, async job => { starts.set(job, now()); }, {
      connection,
      concurrency: CONCURRENCY,
      removeOnComplete: { count: 0 },
    });
    // Emitted once Redis has answered that the job is completed.
    worker.on('completed', job => tally.add(job.data.due, starts.get(job), now()));
    worker.on('error', error => console.error(error));
    await worker.waitUntilReady();
    return () => worker.close();
  },

  // All callers share a connection, as BullMQ's documentation advises: ioredis sends without waiting for answers.
  async open() {
    const queue = new Queue(NAME, { connection });
    // What an earlier run left.
    await queue.drain();
    return {
      submit: tasks => tasks.length === 1 ? queue.add(NAME, tasks[0]) : queue.addBulk(tasks.map(data => ({ name: NAME, data }))),
      close: () => queue.close(),
    };
  },
});
