/**
 * An address allocator of a company, which knows nothing of tsd: `PUT` takes, `DELETE` gives back. It listens on 127.0.0.1, at
 * the port that it prints. To each line of its input it replies by one with all that it holds. `{ "hold": ["who", "10.0.0.1"] }`
 * and `{ "drop": "who" }` change that; `{ "next": … }` says how it treats the next request.
 */
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const ledger = new Map();
let next;

function takePool({ subnet, family, gateway }) {
  const cidr = subnet ?? (family === 6 ? "fd00:60::/64" : "10.60.0.0/24");
  return {
    held: cidr,
    reply: { cidr, gateway: gateway ?? cidr.replace(family === 6 ? /\/.*/ : /\.0\/.*/, family === 6 ? "1" : ".1") },
  };
}

function takeAddress({ pool, address, leased }) {
  const taken = new Set([...ledger.values()].flat());
  const prefix = pool.cidr.replace(/(0|:)\/.*/, (end) => (end.startsWith(":") ? ":" : ""));
  for (let last = 200; last < 203; last++) {
    const candidate = address ?? `${prefix}${last}`;
    if (!taken.has(candidate) && !leased.includes(candidate)) return { held: candidate, reply: candidate };
  }
  return undefined;
}

async function handle(method, path, body) {
  const treatment = next;
  next = undefined;
  await new Promise((wake) => setTimeout(wake, 20));
  if (treatment?.code !== undefined) return { code: treatment.code, reply: "" };
  if (method === "DELETE") {
    ledger.delete(path);
    return { code: 200, reply: "" };
  }
  const taken = path.startsWith("/pools/") ? takePool(body) : takeAddress(body);
  if (taken === undefined) return { code: body.address === undefined ? 507 : 409, reply: "" };
  ledger.set(path, [...(ledger.get(path) ?? []), taken.held]);
  return { code: 200, reply: treatment?.reply ?? taken.reply };
}

const server = createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  const { code, reply } = await handle(request.method, request.url, text === "" ? undefined : JSON.parse(text));
  response.writeHead(code).end(JSON.stringify(reply));
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));

createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line);
  if (order.hold !== undefined) ledger.set(order.hold[0], [order.hold[1]]);
  if (order.drop !== undefined) ledger.delete(order.drop);
  if (order.next !== undefined) next = order.next;
  process.stdout.write(`${JSON.stringify([...ledger.values()].flat().sort())}\n`);
});
