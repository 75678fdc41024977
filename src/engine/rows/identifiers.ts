import { closeSync, openSync, readSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";

/** 64 hexadecimal digits, as docker's ids; the first 12 are unique enough for people and interface names. */
export function newId(): string {
  return randomBytes(32).toString("hex");
}

/** Bytes that are drawn and not used yet: for some dozens of ids, so that a list of endpoints draws seldom. */
const DRAWN = 1024;
let unused: Buffer = Buffer.alloc(0);

/** Straight from the kernel (random(4)): node:crypto has the same bytes, and takes 8 ms to load. */
export function randomBytes(count: number): Buffer {
  if (unused.length < count) unused = draw(Math.max(count, DRAWN));
  const bytes = unused.subarray(0, count);
  unused = unused.subarray(count);
  return bytes;
}

function draw(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const source = openSync("/dev/urandom", "r");
  try {
    readSync(source, bytes);
  } finally {
    closeSync(source);
  }
  return bytes;
}

/** Throws `invalid-input` for what is no id. */
export function checkId(noun: string, id: string): void {
  if (/^[0-9a-f]{64}$/.test(id)) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_ID_INVALID",
    message: `"${id.length > 80 ? `${id.slice(0, 77)}…` : id}" is not an id for an ${noun}`,
    hint: "Use 64 hexadecimal digits, letters in lower case.",
    details: { id },
  });
}

export function shortId(id: string): string {
  return id.slice(0, 12);
}

/** A random unicast address with the locally-administered bit set (IEEE 802, U/L bit). */
export function newMac(): string {
  const octets = randomBytes(6);
  octets[0] = ((octets[0] ?? 0) & 0xfc) | 0x02;
  return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

const adjectives =
  "amber brisk calm clever deft eager fleet gentle keen lucid merry noble quiet rapid steady vivid".split(" ");
const nouns =
  "anchor beacon canal delta ferry harbour isthmus jetty lagoon mooring pier quay reef strait tide wharf".split(" ");

/** A name for a container that was given none: `calm_harbour_3f`. */
export function newName(): string {
  const [a = 0, b = 0, c = 0] = randomBytes(3);
  return `${adjectives[a % 16]}_${nouns[b % 16]}_${c.toString(16).padStart(2, "0")}`;
}

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const longestName = 255;

/** Docker's rule for names of networks and containers. Throws `invalid-input` naming the value. */
export function checkName(noun: string, name: string): void {
  if (name.length <= longestName && namePattern.test(name)) return;
  const shown = name.length > 60 ? `${name.slice(0, 57)}… (${name.length} characters)` : name;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NAME_INVALID",
    message: `"${shown}" is not a name for a ${noun}`,
    hint: `Use letters, digits, "_", "." and "-", a letter or digit first, at most ${longestName} characters.`,
    details: { name },
  });
}
