#!/usr/bin/python3
"""A Broker worker in Python: docs/worker-protocol.md as code. It runs tasks of type echo and sleep. Needs pika."""
import collections, itertools, json, os, random, re, signal, sys, threading, time, urllib.request
import pika
def sleep(payload, stop):
    if stop.wait(payload["ms"] / 1000 if "ms" in payload else payload["seconds"]): raise InterruptedError("told to stop")
    return {"slept": True}

def seconds(text):
    number, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()
    return float(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
HANDLERS = {"echo": lambda payload, stop: payload, "sleep": sleep}
leaving = threading.Event()

class Session:  # one registration of the worker, and what it holds since
    def __init__(self, worker_id):
        worker = {"pool": os.environ.get("BROKER_POOL", "default"), "slots": int(os.environ.get("BROKER_SLOTS", 2)), "types": list(HANDLERS)}
        body = json.dumps({**worker, "id": worker_id} if worker_id else worker).encode()
        url = os.environ.get("BROKER_API", "http://localhost:8000").rstrip("/") + "/v1/workers"
        self.me = json.load(urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"}), timeout=20))
        self.held, self.had, self.outbox, self.last_offer, self.epoch = {}, collections.deque(maxlen=10_000), [], 0, 0
        self.beat_every, self.beat_at, self.over, self.inventory_due = seconds(self.me["beatInterval"]), 0, False, False

    def take(self, offer):
        key = (offer["task"], offer["attempt"])
        if offer["session"] != self.me["session"]:
            # Numbers only grow, so this one is of a later session. Broker knows whether anybody has that.
            self.inventory_due |= 0 < self.last_offer < offer["number"]
        elif offer["epoch"] >= self.epoch and key not in self.had:
            self.epoch, self.last_offer = offer["epoch"], max(self.last_offer, offer["number"])
            self.had.append(key)
            self.held[key] = {"stop": threading.Event(), "reason": None, "until": time.monotonic() + seconds(offer["timeout"])}
            # At once: Broker never offers more than our slots hold.
            threading.Thread(target=self.run, args=(offer, key, self.held[key]), daemon=True).start()

    def stop(self, key, reason):
        if task := self.held.get(key):
            task["reason"] = task["reason"] or reason
            task["stop"].set()

    def run(self, offer, key, task):  # in a thread of its own; only the main thread talks to RabbitMQ
        def report(kind, **more):
            body = {"task": offer["task"], "attempt": offer["attempt"], "token": offer["token"], **more}
            self.outbox.append((kind, body, None if kind == "started" else key))
        def fail(code, message, kind="failed", retryable=True):
            report(kind, error={"code": code, "message": message[:4000].replace("\0", "")}, retryable=retryable)
        try:
            report("started")
            if offer["type"] not in HANDLERS:
                return fail("unknown-type", "no handler for " + offer["type"], retryable=False)
            result = HANDLERS[offer["type"]](offer.get("payload"), task["stop"])
            if len(json.dumps(result)) > 262_144:
                return fail("result-too-large", "more than 256 KiB", retryable=False)
            report("succeeded", result=result)
        except Exception as error:
            fail(task["reason"] or "handler-failed", str(error), "failed" if task["reason"] in (None, "timed-out") else "released")

    def obey(self, channel, method, _, body):
        channel.basic_ack(method.delivery_tag)  # when taken, not when done
        message = json.loads(body)
        for offer in message.get("offers", []):  # on "drain" nothing is to be done: finish what runs, no more will come
            self.take(offer)
        for attempt in message.get("attempts", []):
            self.stop((attempt["task"], attempt["attempt"]), attempt["reason"])
        if interval := message.get("beatInterval"): self.beat_every, self.beat_at = seconds(interval), 0
        self.inventory_due |= message.get("sendInventory", False)
        self.over |= message.get("registerAgain") == self.me["session"]
        if message.get("replaced") == self.me["session"]:
            sys.exit(f"another process registered as {self.me['id']}")

    def work(self, consuming, publishing):  # RabbitMQ may block connections that publish, so consuming has its own
        incoming, outgoing, beats = consuming.channel(), publishing.channel(), 0
        outgoing.confirm_delivery()  # publishing raises unless RabbitMQ has the message safe in a queue
        def publish(to, kind, **more):
            body = json.dumps({"v": 1, "kind": kind, "worker": self.me["id"], "session": self.me["session"], **more})
            properties = pika.BasicProperties(type=kind, content_type="application/json", delivery_mode=2)
            outgoing.basic_publish("", self.me[to], body, properties, mandatory=True)
        incoming.add_on_cancel_callback(lambda _: setattr(self, "over", True))  # the queue was deleted
        incoming.basic_qos(prefetch_count=1000)
        self.over = True  # if the queue is gone, which the next line finds out
        incoming.basic_consume(self.me["queue"], self.obey)
        self.over, self.inventory_due, self.beat_at = False, True, 0  # the inventory goes first: it tells what came through
        while not self.over and not leaving.is_set():
            if self.inventory_due:
                publish("reportsQueue", "inventory", lastOffer=self.last_offer, attempts=[{"task": id, "attempt": n} for id, n in self.held])
                self.inventory_due = False
            for kind, group in itertools.groupby(self.outbox[:1000], key=lambda report: report[0]):
                reports = list(group)
                publish("reportsQueue", kind, reports=[body for _, body, _ in reports])
                del self.outbox[:len(reports)]  # confirmed: only now they may be forgotten
                for *_, key in reports:
                    self.held.pop(key, None)
            for key in [key for key, task in self.held.items() if time.monotonic() > task["until"]]:
                self.stop(key, "timed-out")
            if time.monotonic() >= self.beat_at:
                publish("beatsQueue", "beat", goodbye=False)
                self.beat_at, beats = time.monotonic() + self.beat_every, beats + 1
                self.inventory_due = self.inventory_due or beats % 3 == 0
            publishing.process_data_events(time_limit=0)
            consuming.process_data_events(time_limit=0.01)

        if leaving.is_set():  # what still runs ends as interrupted, at no cost to the tasks
            publish("beatsQueue", "beat", goodbye=True)

signal.signal(signal.SIGTERM, lambda *_: leaving.set())
parameters = pika.URLParameters(os.environ.get("BROKER_RABBITMQ", "amqp://guest:guest@localhost:5672/"))
parameters.heartbeat, parameters.blocked_connection_timeout, parameters.socket_timeout = 20, 30, 15
session = None
while not leaving.is_set():
    try:
        if not session or session.over:
            session = Session(session.me["id"] if session else os.environ.get("BROKER_WORKER_ID"))
        with pika.BlockingConnection(parameters) as consuming, pika.BlockingConnection(parameters) as publishing:
            session.work(consuming, publishing)
    except (OSError, pika.exceptions.AMQPError) as error:
        print(f"{error!r}; connecting again", file=sys.stderr)
        if getattr(error, "code", None) in (400, 401, 403, 422):
            sys.exit("Broker refused: " + error.read().decode())
    for key in list(session.held if session and session.over else ()):
        session.stop(key, "session-ended")  # for Broker they have ended: nobody is told
    time.sleep(random.uniform(0, 5))
