import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { main } from './peer.mjs';
import { now } from './tally.mjs';

const TASK = 'noop';
const SCHEMA = 'bench_graphile';
const CONCURRENCY = Number(process.env.BENCH_CONCURRENCY ?? 24);
const LOCAL_QUEUE = Number(process.env.BENCH_LOCAL_QUEUE ?? 500);
const BATCH_DELAY = Number(process.env.BENCH_BATCH_DELAY ?? 0);
const logger = new Logger(() => (level, message) => { if (level === 'error') console.error(message); });

// PGHOST, PGPORT, PGUSER and PGDATABASE say where.
function pool(max, Client = pg.Client) {
  const broken = error => console.error(error);
  return new pg.Pool({ max, Client }).on('error', broken).on('connect', client => client.on('error', broken));
}

/** Sees when completions are recorded: graphile-worker's own events come before, as completions are gathered. */
function observed(tally, running) {
  return class extends pg.Client {
    query(config, ...rest) {
      const answer = super.query(config, ...rest);
      if (!config?.name?.startsWith('complete_job')) return answer;
      return answer.then(result => {
        const done = now();
        for (const id of [config.values[0]].flat()) {
          tally.add(...running.get(id), done);
          running.delete(id);
        }
        return result;
      });
    }
  };
}

await main({
  async prepare() {
    const pgPool = pool(1);
    await pgPool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
    await runMigrations({ pgPool, schema: SCHEMA, logger });
    await pgPool.end();
  },

  async work(tally) {
    const running = new Map();
    const runner = await run({
      pgPool: pool(CONCURRENCY + 1, observed(tally, running)),
      taskList: { [TASK]: (payload, { job }) => { running.set(job.id, [payload.due, now()]); } },
      logger,
      noHandleSignals: true,
      preset: {
        worker: {
          schema: SCHEMA,
          concurrentJobs: CONCURRENCY,
          localQueue: { size: LOCAL_QUEUE },
          completeJobBatchDelay: BATCH_DELAY,
          failJobBatchDelay: BATCH_DELAY,
        },
      },
    });
    return () => runner.stop();
  },

  async open(connections) {
    const pgPool = pool(connections);
    // What an earlier run left.
    await pgPool.query(`DELETE FROM ${SCHEMA}._private_jobs WHERE locked_at IS NULL`);
    const utils = await makeWorkerUtils({ pgPool, schema: SCHEMA, logger });
    return {
      submit: tasks => tasks.length === 1
        ? utils.addJob(TASK, tasks[0])
        : utils.addJobs(tasks.map(payload => ({ identifier: TASK, payload }))),
      close: async () => { await utils.release(); await pgPool.end(); },
    };
  },
});
