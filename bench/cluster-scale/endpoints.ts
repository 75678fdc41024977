import { connect } from "node:net";
import { commit, type Operation } from "./gateway.ts";
import { addressIn, type Place } from "./simulated-hosts.ts";

/** Operations of a transaction; etcd takes 128. */
const PER_TRANSACTION = 120;
/** Names that are asked for. */
const ASKED = 200;

/** Containers of the simulated hosts, and where their records are. */
export interface Endpoints {
  readonly hosts: number;
  /** On each host. */
  readonly each: number;
  /** Each host watches all of them, as in mode `l2`. */
  readonly areWatched: boolean;
}

/** Writes all of them (docs/cluster.md): those that are not watched once more for each of two names. */
export async function writeEndpoints(place: Place, { hosts, each, areWatched }: Endpoints): Promise<void> {
  let some: Operation[] = [];
  let at = 0;
  const flush = async (): Promise<void> => {
    await commit(place.urls[at++ % place.urls.length] ?? "", some);
    some = [];
  };
  for (let number = 0; number < hosts * each; number++) {
    some.push(...recordsOf(place, { number, host: Math.floor(number / each), at: number % each }, areWatched));
    if (some.length > PER_TRANSACTION - 3) await flush();
  }
  if (some.length > 0) await flush();
}

/** Milliseconds, the median, from a question to the agent until it has found the container of that name. */
export async function timeNames({ network }: Place, count: number): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < ASKED; at++) {
    const name = nameOf(Math.floor((count / ASKED) * at));
    const begun = performance.now();
    const reply = await ask({ verb: "ask", subjects: [network], question: { name } });
    times.push(performance.now() - begun);
    if (!reply.includes(`"${name}"`)) throw new Error(`the agent does not find ${name}: ${reply}`);
  }
  return times.toSorted((one, other) => one - other)[ASKED / 2] ?? Number.NaN;
}

function recordsOf(
  { cluster, network }: Place,
  { number, host, at }: { readonly number: number; readonly host: number; readonly at: number },
  isWatched: boolean,
): readonly Operation[] {
  const id = number.toString(16).padStart(64, "0");
  const of = `sim${host}`;
  const octets = [number >> 16, number >> 8, number].map((byte) => (byte & 255).toString(16).padStart(2, "0"));
  const names = [nameOf(number), id.slice(-12)];
  const value = JSON.stringify({
    ...{ host: of, mac: `02:42:01:${octets.join(":")}`, addresses: [addressIn(host, at + 2)], names },
  });
  if (isWatched) return [{ key: `/tsd/${cluster}/network/${network}/endpoints/${id}`, value }];
  const directory = `/tsd/${cluster}/directory/${network}`;
  return [`endpoints/${of}/${id}`, ...names.map((name) => `names/${name}/${of}/${id}`)].map((rest) => ({
    key: `${directory}/${rest}`,
    value,
  }));
}

function nameOf(number: number): string {
  return `container-${number}`;
}

/** One line to the agent, and its reply. */
function ask(request: object): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const connection = connect("/run/tsd/agent/socket");
    connection.on("error", reject).on("close", () => resolve(text));
    connection.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    connection.write(`${JSON.stringify(request)}\n`);
  });
}
