/**
 * Asks for the IPv4 address of a name without a pause, in the namespace that it is started in: the name server by UDP, and the
 * file of a container as a program of it would read it. Arguments: NAME HOSTS. Prints a line of JSON for each reply:
 * [source, when it was asked, when it was answered, addresses or an RCODE].
 * Times are milliseconds of the machine's clock that never goes back. Ends with standard input.
 */
import { createSocket } from "node:dgram";
import { readFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [name, hosts] = process.argv.slice(2);
const now = () => Number(process.hrtime.bigint()) / 1e6;
const STDOUT = 1;
/** Milliseconds, of a machine that is busy: nothing is lost on loopback. */
const PATIENCE = 10_000;

process.stdin.resume().on("end", () => process.exit());
const write = (source, asked, said) => writeSync(STDOUT, `${JSON.stringify([source, asked, now(), said])}\n`);

const socket = createSocket("udp4");
socket.connect(53, "127.0.0.11", () => {
  writeSync(STDOUT, "ready\n");
  void ask();
});

async function ask() {
  for (let id = 0; ; id = (id + 1) % 0x1_0000) {
    const asked = now();
    const reply = await Promise.race([answer(id), sleep(PATIENCE, "nothing", { ref: false })]);
    write("resolver", asked, reply);
    const read = now();
    write("hosts", read, inFile());
    await sleep(1);
  }
}

function answer(id) {
  const labels = name.split(".").map((label) => Buffer.from(`\0${label}`));
  for (const label of labels) label[0] = label.length - 1;
  const head = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  socket.send(Buffer.concat([head, ...labels, Buffer.from([0, 0, 1, 0, 1])]));
  return new Promise((resolve) => {
    socket.on("message", function hear(message) {
      if (message.readUInt16BE(0) !== id) return;
      socket.off("message", hear);
      resolve(said(message));
    });
  });
}

/** The addresses are the last octets of records without anything behind them. */
function said(message) {
  const code = message[3] & 15;
  if (code !== 0) return code === 3 ? [] : `RCODE ${code}`;
  const count = message.readUInt16BE(6);
  const records = Array.from({ length: count }, (_, at) => message.length - 16 * (count - at));
  return records.map((at) => [...message.subarray(at + 12, at + 16)].join("."));
}

function inFile() {
  const lines = readFileSync(hosts, "utf8").split("\n");
  return lines.flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, "").split(/\s+/);
    return names.includes(name) ? [address] : [];
  });
}
