/**
 * A server that sends each client the address it came from, or a client of one. Run inside the namespace to test.
 *
 * serve tcp|udp ADDRESS PORT prints "ready", then "from ADDRESS PORT" for each request ask tcp|udp ADDRESS PORT TIMEOUT
 * prints the answer; exits with 1 when none comes within TIMEOUT ms
 */
import { createSocket } from "node:dgram";
import { connect, createServer, isIPv6 } from "node:net";

const [role, protocol, address, portText, timeoutText] = process.argv.slice(2);
const port = Number(portText);
const say = (line) => process.stdout.write(`${line}\n`);
const udp = () => createSocket(isIPv6(address) ? "udp6" : "udp4");

function serveTcp() {
  const server = createServer((socket) => {
    const from = `${socket.remoteAddress} ${socket.remotePort}`;
    say(`from ${from}`);
    socket.on("error", () => {});
    socket.end(`${from}\n`);
  });
  server.listen(port, address, () => say("ready"));
}

function serveUdp() {
  const socket = udp();
  socket.on("message", (_, peer) => {
    const from = `${peer.address} ${peer.port}`;
    say(`from ${from}`);
    socket.send(`${from}\n`, peer.port, peer.address);
  });
  socket.bind(port, address, () => say("ready"));
}

function finish(answer) {
  if (answer !== "") process.stdout.write(answer);
  process.exit(answer === "" ? 1 : 0);
}

function askTcp() {
  let answer = "";
  const socket = connect({ host: address, port });
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.on("error", () => finish(""));
  socket.on("close", () => finish(answer));
}

function askUdp() {
  const socket = udp();
  socket.on("message", (data) => finish(String(data)));
  socket.on("error", () => finish(""));
  socket.connect(port, address, () => socket.send("?"));
}

const roles = { serve: { tcp: serveTcp, udp: serveUdp }, ask: { tcp: askTcp, udp: askUdp } };
if (role === "ask") setTimeout(() => finish(""), Number(timeoutText));
roles[role][protocol]();
