// A Broker worker in Node: docs/worker-protocol.md as code. It runs tasks of type echo and sleep.
import { setTimeout as delay } from "node:timers/promises";
import amqp from "amqplib";
const { BROKER_API = "http://localhost:8000", BROKER_RABBITMQ = "amqp://guest:guest@localhost:5672/" } = process.env;
const { BROKER_WORKER_ID, BROKER_POOL: pool = "default", BROKER_SLOTS: slots = "2" } = process.env;
const handlers = {
  echo: async payload => payload,
  sleep: (payload, signal) => delay(payload.ms ?? payload.seconds * 1000, { slept: true }, { signal }),
};
let me = null, stopping = false, failures = 0; // me: the session, what registration answered and what the worker holds in it
const ms = text => Math.min(parseFloat(text) * { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[text.match(/[a-z]+$/)[0]], 2 ** 31 - 1);
const final = (code, message) => Object.assign(new Error(message), { kebab: code, retryable: false });
const die = message => { console.error(message); process.exit(1); };

async function register() {
  const body = JSON.stringify({ id: me?.id ?? BROKER_WORKER_ID, pool, slots: Number(slots), types: Object.keys(handlers) });
  const request = { method: "POST", headers: { "content-type": "application/json" }, body, signal: AbortSignal.timeout(20_000) };
  const answer = await fetch(new URL("/v1/workers", BROKER_API), request), text = await answer.text();
  if ([400, 401, 403, 422].includes(answer.status)) die(`Broker refused: ${text}`);
  if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${text}`);
  for (const task of me?.held.values() ?? []) task.abort.abort("session-ended"); // for Broker they have ended: nobody is told
  me = { ...JSON.parse(text), held: new Map(), had: new Set(), unconfirmed: new Set(), lastOffer: 0, epoch: 0 };
}

function take(offer) {
  const foreign = offer.session !== me.session; // numbers only grow: a higher one is of a later session; Broker knows if anybody has it
  if (foreign && me.lastOffer > 0 && offer.number > me.lastOffer) me.link?.inventory();
  const key = `${offer.task}/${offer.attempt}`;
  if (foreign || offer.epoch < me.epoch || me.had.has(key)) return;
  Object.assign(me, { epoch: offer.epoch, lastOffer: Math.max(me.lastOffer, offer.number) });
  if (me.had.add(key).size > 10_000) me.had.delete(me.had.values().next().value);
  const task = { ...offer, key, abort: new AbortController() };
  me.held.set(key, task);
  if (stopping) task.abort.abort("interrupted");
  run(me, task); // at once: Broker never offers more than our slots hold
}

async function run(session, { task, attempt, token, key, type, payload, timeout, abort }) {
  const { signal } = abort, startedAt = performance.now(), timer = setTimeout(() => abort.abort("timed-out"), ms(timeout));
  const report = (kind, more) => {
    const ranMs = Math.round(performance.now() - startedAt);
    const item = { kind, ends: kind !== "started" && key, body: { reports: [{ task, attempt, token, ranMs, ...more }] } };
    session.unconfirmed.add(item); // until RabbitMQ has it safe, over as many connections as that takes
    session.link?.send(item);
  };
  try {
    signal.throwIfAborted();
    report("started");
    if (!handlers[type]) throw final("unknown-type", `no handler for ${type}`);
    const result = await handlers[type](payload, signal);
    if (Buffer.byteLength(JSON.stringify(result) ?? "") > 262_144) throw final("result-too-large", "more than 256 KiB");
    report("succeeded", { result });
  } catch (error) {
    const message = `${error.message ?? error}`.slice(0, 4_000).toWellFormed().replaceAll("\0", "");
    const kind = signal.aborted && signal.reason !== "timed-out" ? "released" : "failed";
    report(kind, { error: { code: signal.reason ?? error.kebab ?? "handler-failed", message }, retryable: error.retryable });
  }
  clearTimeout(timer);
}

function obey({ kind, offers, attempts, registerAgain, replaced, beatInterval, sendInventory }, link) {
  if (kind === "offer") offers.forEach(take); // on "drain" nothing is to be done: finish what runs, no more will come
  if (kind === "cancel") for (const { task, attempt, reason } of attempts) me.held.get(`${task}/${attempt}`)?.abort.abort(reason);
  if (kind === "settings" && beatInterval) link.beat(me.beatInterval = beatInterval);
  if (kind === "settings" && sendInventory) link.inventory();
  if (kind === "settings" && replaced === me.session) die(`another process registered as ${me.id}`);
  if (kind === "settings" && registerAgain === me.session) link.fail(me.over = new Error("told to register again"));
}

async function work(session) { // until the link breaks; RabbitMQ may block connections that publish, so consuming has its own
  const connections = [], link = { beats: 0 };
  const broken = new Promise((_, reject) => link.fail = error => reject(link.error ??= error ?? new Error("closed")));
  broken.catch(() => { clearTimeout(link.timer); session.link = null; connections.forEach(one => one.close().catch(() => {})); });
  const watch = emitter => emitter.on("error", link.fail).on("close", () => link.fail());
  try {
    for (const _ of "12") connections.push(watch(await amqp.connect(BROKER_RABBITMQ, { heartbeat: 20, timeout: 20_000 })));
    const [incoming, outgoing] = [watch(await connections[0].createChannel()), watch(await connections[1].createConfirmChannel())];
    outgoing.on("return", ({ fields }) => link.fail(new Error(`there is no queue ${fields.routingKey}`)));
    link.send = (item, queue = session.reportsQueue) => {
      const body = Buffer.from(JSON.stringify({ v: 1, kind: item.kind, worker: session.id, session: session.session, ...item.body }));
      const overdue = setTimeout(() => link.fail(new Error("not confirmed in time")), 10_000);
      outgoing.publish("", queue, body, { type: item.kind, contentType: "application/json", persistent: true, mandatory: true }, error => {
        clearTimeout(overdue);
        if (error || link.error) return link.fail(error); // a returned message is confirmed too, after its return
        failures = 0;
        if (session.unconfirmed.delete(item)) session.held.delete(item.ends);
      });
    };
    link.inventory = () => link.send({ kind: "inventory", body: {
      lastOffer: session.lastOffer, attempts: [...session.held.values()].map(({ task, attempt }) => ({ task, attempt })) } });
    link.beat = () => {
      clearTimeout(link.timer);
      link.send({ kind: "beat", body: { goodbye: stopping && session.held.size === 0 } }, session.beatsQueue);
      if (++link.beats % 3 === 0) link.inventory();
      link.timer = setTimeout(link.beat, ms(session.beatInterval));
    };
    link.inventory(); // first: it tells what came through. Then again what was not confirmed.
    session.unconfirmed.forEach(item => link.send(item));
    (session.link = link).beat();
    await incoming.consume(session.queue, message => {
      if (!message) return link.fail(new Error("the queue was deleted"));
      incoming.ack(message); // when taken, not when done
      obey(JSON.parse(message.content), link);
    });
  } catch (error) { link.fail(error); }
  await broken.catch(error => { session.over ||= error.code === 404; throw error; }); // 404: the queue is gone
}

for (const name of ["SIGTERM", "SIGINT"]) process.on(name, async () => { // finish for 30 s, give back the rest, say goodbye
  for (stopping = 1; me?.held.size && stopping < 350; stopping++, await delay(100))
    if (stopping === 300) me.held.forEach(task => task.abort.abort("interrupted"));
  me?.link?.beat();
  setTimeout(() => process.exit(0), 500);
});
for (;; await delay(Math.random() * Math.min(2 ** failures++, 30) * 1000)) {
  try {
    if (!me || me.over) await register();
    await work(me);
  } catch (error) { console.error(`${error.message}; connecting again`); }
}
