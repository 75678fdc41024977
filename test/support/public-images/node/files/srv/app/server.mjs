import { createServer } from "node:http";
import { connect } from "node:net";

/** Says PING to a server of Redis by its name, which it looks up at each request. */
function ping(host) {
  return new Promise((resolve, reject) => {
    const socket = connect(6379, host, () => socket.write("PING\r\n"));
    socket.once("data", (data) => resolve(socket.end() && String(data).trim()));
    socket.once("error", reject);
  });
}

const server = createServer(async (request, response) => {
  if (request.url === "/crash") process.exit(3);
  try {
    const body = request.url === "/redis" ? await ping(process.env.REDIS_HOST ?? "redis") : "ok";
    response.end(`${body}\n`);
  } catch (error) {
    response.writeHead(503).end(`${error.code}\n`);
  }
});
server.listen(Number(process.env.PORT ?? 3000), () => process.stdout.write("listening\n"));
process.on("SIGTERM", () => server.close(() => process.exit(0)) && server.closeAllConnections());
