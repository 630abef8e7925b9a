"""The Celery application, set up for short tasks as its guide "Optimizing" says."""

import os

from celery import Celery, Task

import tally

SCHEMA = "bench_celery"
RESULTS = os.environ.get("BENCH_RESULTS") == "1"

app = Celery("bench", broker=os.environ["BENCH_RABBITMQ"])
app.conf.update(
    task_default_queue="bench.celery",
    worker_prefetch_multiplier=int(os.environ.get("BENCH_PREFETCH", 128)),
    worker_disable_rate_limits=True,
    worker_redirect_stdouts=False,
    worker_concurrency=int(os.environ.get("BENCH_CONCURRENCY", 2)),
    # A task that was accepted is in RabbitMQ, as with every other system here.
    broker_transport_options={"confirm_publish": os.environ.get("BENCH_CONFIRM", "1") == "1"},
    broker_pool_limit=200,
    broker_heartbeat=0,
    task_ignore_result=not RESULTS,
)
if RESULTS:
    app.conf.update(
        # Tables for results are made in the schema that comes first.
        result_backend="db+postgresql://{PGUSER}@{PGHOST}:{PGPORT}/{PGDATABASE}".format(**os.environ),
        database_engine_options={"connect_args": {"options": f"-csearch_path={SCHEMA}"}},
    )


class Tallied(Task):
    # Called after the result was recorded, if it is.
    def on_success(self, retval, task_id, args, kwargs):
        tally.add(args[0]["due"], self.start, tally.now())


@app.task(base=Tallied, bind=True, name="noop")
def noop(self, payload):
    # A process of the pool runs one task at a time.
    self.start = tally.now()
    return payload
