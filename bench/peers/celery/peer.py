"""Celery as a peer of the benchmark: prepare, worker, burst and steady; see ../README.md."""

import argparse
import json
import multiprocessing
import os
import queue
import signal
import threading
import time

import psycopg2
from celery.signals import worker_ready

import tally
from tasks import RESULTS, SCHEMA, app, noop

PATIENCE_SECONDS = 300
WARM_UP_TASKS = 500
PRODUCERS = int(os.environ.get("BENCH_PRODUCERS", 2))
BATCH_CALLERS = int(os.environ.get("BENCH_CALLERS", 16))


def task(due):
    return {"due": due, "bot": "4711", "url": "https://example.org/items/0815?page=7", "depth": 3, "note": "abcdefghijklmn"}


def prepare(_):
    if RESULTS:
        execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        # Otherwise the processes of the pool make the tables at their first results, and race.
        app.backend.ResultSession().close()
    with app.connection_for_write() as connection:
        app.amqp.queues["bench.celery"](connection).declare()
        app.control.purge(connection)


def work(_):
    @worker_ready.connect
    def ready(**_):
        print("ready", flush=True)
        threading.Thread(target=end_with_stdin, daemon=True).start()

    def end_with_stdin():
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    app.worker_main(["worker", "--loglevel=ERROR", "--pool=prefork", "--without-gossip", "--without-mingle", "--without-heartbeat"])


class Load:
    """Callers in threads, each with a connection of its own; they submit the tasks whose due moments it is given."""

    def __init__(self, callers):
        self._due = queue.SimpleQueue()
        self._failures = []
        self._threads = [threading.Thread(target=self._call, daemon=True) for _ in range(callers)]
        for thread in self._threads:
            thread.start()

    def submit(self, due):
        self._due.put(due)

    def finish(self):
        for _ in self._threads:
            self._due.put(None)
        for thread in self._threads:
            thread.join()
        self.check()

    def check(self):
        if self._failures:
            raise self._failures[0]

    def _call(self):
        try:
            with app.producer_pool.acquire(block=True) as producer:
                while (due := self._due.get()) is not None:
                    noop.apply_async((task(due or tally.now()),), producer=producer)
        except Exception as error:  # told by check()
            self._failures.append(error)


# There is no call for many tasks: for a batch, as many callers as are fastest, since more contend for the interpreter.
def callers(plan):
    return BATCH_CALLERS if plan.batch > 1 else plan.connections


def clean():
    """Removes what earlier runs left."""
    with app.connection_for_write() as connection:
        app.control.purge(connection)
    if RESULTS:
        execute(f"TRUNCATE {SCHEMA}.celery_taskmeta")


def execute(sql):
    with psycopg2.connect("") as connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def burst(plan):
    clean()
    run_burst(WARM_UP_TASKS, callers(plan))
    start, submitted, records = run_burst(plan.count, callers(plan))
    end = max(record[2] for record in records)
    return {"tasks": plan.count, "seconds": (end - start) / 1e6, "submitSeconds": (submitted - start) / 1e6}


def submit_all(count, connections):
    load = Load(connections)
    for _ in range(count):
        load.submit(0)  # due when a caller takes it
    load.finish()


def run_burst(count, connections):
    """From several processes, as one interpreter cannot use the machine."""
    start = tally.now()
    shares = [((count + i) // PRODUCERS, connections // PRODUCERS) for i in range(PRODUCERS)]
    producers = [multiprocessing.Process(target=submit_all, args=share) for share in shares]
    for producer in producers:
        producer.start()
    for producer in producers:
        producer.join()
        if producer.exitcode != 0:
            raise RuntimeError("a producer failed")
    submitted = tally.now()
    reader = tally.Reader(start)
    if not reader.until(count, tally.now() + PATIENCE_SECONDS * 1e6):
        raise TimeoutError(f"only {len(reader.records)} of {count} done")
    return start, submitted, reader.records


def steady(plan):
    """Submits when a task is due, whatever became of those before: a system that falls behind shows it in its latencies."""
    clean()
    run_burst(WARM_UP_TASKS, plan.connections)
    tasks = plan.rate * plan.seconds
    load = Load(plan.connections)
    start = tally.now()
    for sent in range(tasks):
        due = start + sent * 1e6 / plan.rate
        if (early := due - tally.now()) > 0:
            time.sleep(early / 1e6)
        load.submit(due)
    reader = tally.Reader(start)
    deadline = tally.now() + plan.seconds * 1e6
    reader.until(tasks, deadline)
    load.check()

    # One that is not done by then has waited at least so long.
    undone = tasks - len(reader.records)
    late = [deadline - start - (tasks - 1 - i) * 1e6 / plan.rate for i in range(undone)]
    return {
        "tasks": tasks,
        "undone": undone,
        "startMs": percentiles([record[1] - record[0] for record in reader.records] + late),
        "doneMs": percentiles([record[2] - record[0] for record in reader.records] + late),
    }


def percentiles(micros):
    micros.sort()
    return {f"p{share}": micros[max(0, -(-share * len(micros) // 100) - 1)] / 1000 for share in (50, 95, 99)}


def main():
    verbs = {"prepare": prepare, "worker": work, "burst": burst, "steady": steady}
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=verbs)
    parser.add_argument("--connections", type=int, default=64)
    for name in ("count", "batch", "rate", "seconds"):
        parser.add_argument(f"--{name}", type=int)
    plan = parser.parse_args()
    if (result := verbs[plan.verb](plan)) is not None:
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
