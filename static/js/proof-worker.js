/* Finds the first number for which SHA-256 of "stamp:number" begins with so many zero bits.
   In plain JavaScript: crypto.subtle is slower for many short texts, and is for https alone. */
"use strict";

/* Signed words: what has more than 31 bits would be a number with a fraction, and slow. */
const ROUND = Int32Array.from(Uint32Array.from(roots(64, 1 / 3)));
const START = Int32Array.from(Uint32Array.from(roots(8, 1 / 2)));
const schedule = new Int32Array(64);

/* The first 32 bits of the fractions of the roots of the first prime numbers. */
function roots(count, power) {
  const found = [];
  for (let number = 2; found.length < count; number++) {
    let isPrime = true;
    for (let by = 2; by * by <= number; by++) if (number % by === 0) isPrime = false;
    if (isPrime) found.push(((number ** power) % 1) * 2 ** 32);
  }
  return found;
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function compress(state, block, at) {
  const w = schedule;
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (block[at] << 24) | (block[at + 1] << 16) | (block[at + 2] << 8) | block[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const one = w[i - 15], two = w[i - 2];
    const s0 = turn(one, 7) ^ turn(one, 18) ^ (one >>> 3);
    const s1 = turn(two, 17) ^ turn(two, 19) ^ (two >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] = (state[0] + a) | 0; state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0; state[3] = (state[3] + d) | 0;
  state[4] = (state[4] + e) | 0; state[5] = (state[5] + f) | 0;
  state[6] = (state[6] + g) | 0; state[7] = (state[7] + h) | 0;
}

/* What is before the number stays the same: its whole blocks are done once. */
function find(stamp, bits) {
  const prefix = new TextEncoder().encode(stamp + ":");
  const whole = prefix.length - (prefix.length % 64);
  const begun = START.slice();
  for (let at = 0; at < whole; at += 64) compress(begun, prefix, at);
  const rest = prefix.subarray(whole);
  const tail = new Uint8Array(128);
  const state = new Int32Array(8);
  for (let number = 0; ; number++) {
    const digits = String(number);
    tail.fill(0);
    tail.set(rest);
    let length = rest.length;
    for (let i = 0; i < digits.length; i++) tail[length++] = digits.charCodeAt(i);
    tail[length] = 0x80;
    const end = length < 56 ? 64 : 128;
    new DataView(tail.buffer).setUint32(end - 4, (whole + length) * 8);
    state.set(begun);
    for (let at = 0; at < end; at += 64) compress(state, tail, at);
    if (state[0] >>> (32 - bits) === 0) return digits;
  }
}

addEventListener("message", (event) => {
  postMessage(find(event.data.stamp, event.data.bits));
});
