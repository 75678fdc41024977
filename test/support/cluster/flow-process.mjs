/**
 * `serve PORT` sends each datagram back. `send ADDRESS PORT` sends a numbered datagram every ten milliseconds until it reads a line;
 * then it waits a second for what is under way, and prints as JSON how many came back and how long the longest silence was.
 */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { createInterface } from "node:readline";

const INTERVAL = 10;
const PATIENCE = 1000;
const [role, ...args] = process.argv.slice(2);
if (role === "serve") serve(Number(args[0]));
else send(args[0], Number(args[1]));

function serve(port) {
  const socket = createSocket({ type: "udp6", ipv6Only: false });
  socket.on("message", (message, { port: from, address }) => socket.send(message, from, address));
  socket.bind(port, "::", () => process.stdout.write("ready\n"));
}

function send(address, port) {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  const returned = new Set();
  let [sent, longest, last] = [0, 0, performance.now()];
  socket.on("message", (message) => {
    returned.add(String(message));
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (returned.size === 1) process.stdout.write("ready\n");
  });
  // What the network reports on the way counts as lost.
  socket.on("error", () => {});
  const timer = setInterval(() => socket.send(String(sent++), port, address, () => {}), INTERVAL);
  createInterface({ input: process.stdin }).once("line", () => {
    clearInterval(timer);
    setTimeout(() => {
      process.stdout.write(
        `${JSON.stringify({ sent, lost: sent - returned.size, longestSilence: Math.round(longest) })}\n`,
      );
      process.exit(0);
    }, PATIENCE);
  });
}
