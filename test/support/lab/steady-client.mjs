// `serve PORT` replies to each line with itself. `call ADDRESS PORT` keeps one connection open and makes new ones in a loop,
// one after another, until it reads a line; then it says how that went, as JSON.
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [, , verb, ...args] = process.argv;
if (verb === "serve") serve(Number(args[0]));
else await call(args[0], Number(args[1]));

function serve(port) {
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(port, "0.0.0.0", () => process.stdout.write("ready\n"));
}

async function call(host, port) {
  let running = true;
  process.stdin.once("data", () => {
    running = false;
  });
  const lasting = net.connect({ host, port });
  await new Promise((resolve, reject) => lasting.once("connect", resolve).once("error", reject));
  let isOpen = true;
  for (const event of ["error", "close"]) {
    lasting.on(event, () => {
      isOpen = false;
    });
  }
  process.stdout.write("ready\n");
  const failures = [];
  let calls = 0;
  while (running) {
    calls++;
    const failure = await exchange(net.connect({ host, port }));
    if (failure !== undefined) failures.push(failure);
    await sleep(2);
  }
  const last = isOpen ? await exchange(lasting, { connected: true }) : "closed";
  process.stdout.write(`${JSON.stringify({ calls, failures, isOpen: last === undefined })}\n`);
  process.exit(0);
}

/** Sends a line and waits for it to come back, at most a second, which a lost first packet would take. */
function exchange(socket, { connected = false } = {}) {
  return new Promise((resolve) => {
    const finish = (failure) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failure);
    };
    const timer = setTimeout(finish, 950, "timeout");
    socket.once("data", () => finish(undefined));
    socket.once("error", (error) => finish(error.code));
    const send = () => socket.write("hello\n");
    if (connected) send();
    else socket.once("connect", send);
  });
}
