import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A record: when the task was due, when its handler was entered, when its completion was recorded; each a double in
// microseconds of CLOCK_MONOTONIC, which all processes of a machine share.
const RECORD = 24;
const FLUSH_MS = 5;

export const now = () => Number(process.hrtime.bigint()) / 1000;

/** What a worker did, in a file of its own in BENCH_TALLY: no server of the system under test is asked. */
export class Tally {
  #file = fs.openSync(path.join(process.env.BENCH_TALLY, `${process.pid}.tally`), 'a');
  #records = [];

  add(due, start, done) {
    if (this.#records.push(due, start, done) === 3) setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush() {
    fs.writeSync(this.#file, new Uint8Array(Float64Array.from(this.#records).buffer));
    this.#records = [];
  }
}

/** The records of tasks that were due from a moment on; what an earlier run left behind does not count. */
export class TallyReader {
  #from;
  #offsets = new Map();
  records = [];

  constructor(from) {
    this.#from = from;
  }

  /** True once there are `count`; false at the deadline. */
  async until(count, deadline) {
    for (;;) {
      this.#read();
      if (this.records.length >= count) return true;
      if (now() > deadline) return false;
      await sleep(FLUSH_MS);
    }
  }

  #read() {
    for (const name of fs.readdirSync(process.env.BENCH_TALLY)) {
      const file = path.join(process.env.BENCH_TALLY, name);
      const offset = this.#offsets.get(name) ?? 0;
      const length = Math.floor((fs.statSync(file).size - offset) / RECORD) * RECORD;
      if (length === 0) continue;
      const bytes = new Uint8Array(length);
      const handle = fs.openSync(file, 'r');
      fs.readSync(handle, bytes, 0, length, offset);
      fs.closeSync(handle);
      this.#offsets.set(name, offset + length);
      const values = new Float64Array(bytes.buffer);
      for (let i = 0; i < values.length; i += 3) {
        if (values[i] >= this.#from) this.records.push({ due: values[i], start: values[i + 1], done: values[i + 2] });
      }
    }
  }
}
