import { expect, test } from "@jest/globals";
import { type Answer, decode, encode } from "dns-packet";
import { type Asked, queryOf } from "../../support/names/queries.js";
import { askByUdp, openUpstream, serve, type Upstream } from "../../support/names/served.js";
import { viewsOf } from "../../support/names/views.js";

const NAME = "db.corp.example";
const there: Answer = { name: NAME, type: "A", ttl: 60, data: "192.0.2.1" };
const soa = { mname: "ns", rname: "root", serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 };
const authorities: readonly Answer[] = [{ name: "corp.example", type: "SOA", ttl: 60, data: soa }];

/** A server that gives each question this code. */
function openSaying(code: number, answers: readonly Answer[] = []): Promise<Upstream> {
  return openUpstream({
    datagram(message, { port, address }, socket) {
      const { id, questions } = decode(message);
      const content = { questions, answers: [...answers], authorities: code === 3 ? [...authorities] : [] };
      socket.send(encode({ type: "response", id, flags: 0x180 | code, ...content }), port, address);
    },
  });
}

test.each<[knowledge: string, open: (() => Promise<Upstream>) | undefined, code: string, data: readonly string[]]>([
  ["the world's where it is there", () => openSaying(0, [there]), "NOERROR", ["192.0.2.1"]],
  ["the sandbox's where no server knows it", () => openSaying(3), "NOERROR", ["10.0.0.2"]],
  ["the sandbox's where none is asked", undefined, "NOERROR", ["10.0.0.2"]],
  ["nobody's where the server fails", () => openSaying(5), "REFUSED", []],
])("a name before a search domain is %s", async (_, open, code, data) => {
  await using upstream = await open?.();
  const zone = { names: { db: ["10.0.0.2"] }, search: "corp.example", upstream: upstream ? [upstream.server] : [] };
  await using served = await serve(viewsOf(new Map([["web", zone]])));
  const ask = async (asked: Asked) => decode((await askByUdp(served.port("web"), queryOf(asked))) as Buffer);
  // The second reply may be a kept one.
  for (const name of [NAME, "dB.corp.example"]) {
    const reply = await ask({ name });
    expect([reply.rcode, reply.answers.map((answer) => answer.data)]).toEqual([code, data]);
  }
  if (data[0] !== "10.0.0.2") return;
  expect(await ask({ name: NAME, type: "AAAA" })).toMatchObject({ rcode: "NOERROR", answers: [] });
  for (const asked of [{ name: "no.corp.example" }, { name: "db.example" }, { name: NAME, class: "CH" as const }])
    expect((await ask(asked)).rcode).toBe("NXDOMAIN");
});
