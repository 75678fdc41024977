import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { NatBackend, Publish } from "../../../src/api/index.js";
import { run } from "./private-host.js";
import { labNetworks, publishA1, TrafficLab } from "./traffic-lab.js";

/** What packets must do under any backend that fulfils the intents. `makeBackend` is called once, on a bare host. */
export function describeTraffic(name: string, makeBackend: () => NatBackend, bridgeNetfilter: boolean): void {
  describe(`traffic under ${name}, ${bridgeNetfilter ? "with" : "without"} br_netfilter`, () => {
    let lab: TrafficLab;
    let backend: NatBackend;
    let published: readonly Publish[] = [];

    const publish = async (...publications: readonly Publish[]) => {
      published = [...published, ...publications];
      await backend.ensure(publications);
    };

    beforeAll(async () => {
      lab = await TrafficLab.build(bridgeNetfilter);
      backend = makeBackend();
      await backend.ensure(labNetworks);
    }, 30_000);

    afterEach(async () => {
      await backend.remove(published);
      published = [];
    });

    afterAll(async () => {
      await backend?.purge();
      await lab?.tearDown();
    });

    test.each(["tcp", "udp"] as const)("a published %s port accepts everyone, by any address", async (protocol) => {
      await publish(publishA1({ protocol }));
      expect(await lab.client.call(protocol, "192.0.2.1", 8080)).toBe("a1 saw 192.0.2.2");
      expect(await lab.client.call(protocol, "192.0.2.3", 8080)).toBe("a1 saw 192.0.2.2");
      expect(await lab.host.call(protocol, "192.0.2.1", 8080)).toBe("a1 saw 192.0.2.1");
      expect(await lab.host.call(protocol, "10.10.10.1", 8080)).toBe("a1 saw 10.10.10.1");
      expect(await lab.host.call(protocol, "127.0.0.1", 8080)).toBe("a1 saw 10.10.10.1");
      expect(await lab.a2.call(protocol, "10.10.10.1", 8080)).toBe("a1 saw 10.10.10.1");
      expect(await lab.a2.call(protocol, "192.0.2.1", 8080)).toBe("a1 saw 10.10.10.1");
      expect(await lab.a1.call(protocol, "192.0.2.1", 8080)).toBe("a1 saw 10.10.10.1");
      expect(await lab.b1.call(protocol, "192.0.2.1", 8080)).toMatch(/^a1 saw /);
    });

    test("an unpublished port accepts nobody but the host and neighbours", async () => {
      expect(await lab.client.call("tcp", "192.0.2.1", 8080)).toBe("no answer");
      expect(await lab.client.call("tcp", "10.10.10.2", 80)).toBe("no answer");
      expect(await lab.client.call("udp", "10.10.10.2", 80)).toBe("no answer");
      expect(await lab.b1.call("tcp", "10.10.10.2", 80)).toBe("no answer");
      expect(await lab.host.call("tcp", "10.10.10.2", 80)).toBe("a1 saw 10.10.10.1");
      expect(await lab.a2.call("tcp", "10.10.10.2", 80)).toBe("a1 saw 10.10.10.3");
    });

    test.each([4, 6] as const)("udp clients that never stop calling follow each change, IPv%i", async (family) => {
      const { host, client, a1, a2 } = addresses[family];
      const first = publishA1({ protocol: "udp", hostPort: 5353, containerAddress: a1 });
      const second = { ...first, containerAddress: a2 };
      const range = { ...first, hostPort: 9000, containerPort: 9000, count: 30 };
      const call = (port = 5353) => lab.client.callAgain(40_000, host, port);
      expect(await call()).toBe("no answer");
      await backend.ensure([first]);
      expect(await call()).toBe(`a1 saw ${client}`);
      await backend.remove([first]);
      expect(await call()).toBe("no answer");
      await backend.ensure([second]);
      expect(await call()).toBe(`a2 saw ${client}`);
      await backend.remove([second]);
      expect(await call(9001)).toBe("no answer");
      await backend.ensure([range]);
      expect(await call(9001)).toBe(`a1 saw ${client}`);
      await backend.remove([range]);
    });

    test.each([4, 6] as const)("a container that goes leaves the flows of others alone, IPv%i", async (family) => {
      const { host, a1, a2 } = addresses[family];
      const stays = publishA1({ protocol: "udp", hostPort: 5353, containerAddress: a1 });
      const goes = { ...stays, hostPort: 5354, containerAddress: a2 };
      await publish(stays, goes);
      const flows = () => run("conntrack", "-L", "-f", `ipv${family}`, "-p", "udp").match(/dport=535[34] /g);
      for (const port of [5353, 5354]) await lab.client.callAgain(40_003, host, port);
      expect(flows()?.sort()).toEqual(["dport=5353 ", "dport=5354 "]);
      await backend.remove([goes]);
      expect(flows()).toEqual(["dport=5353 "]);
    });

    test.each([4, 6] as const)(
      "udp clients that never stop calling lose what is no longer allowed, IPv%i",
      async (family) => {
        const { client, a1 } = addresses[family];
        const allowed = {
          kind: "allow",
          owner: "4".repeat(64),
          bridge: "br-a",
          protocol: "udp",
          address: a1,
          port: 80,
          count: 1,
        } as const;
        const call = () => lab.client.callAgain(40_002, a1, 80);
        expect(await call()).toBe("no answer");
        await backend.ensure([allowed]);
        expect(await call()).toBe(`a1 saw ${client}`);
        await backend.remove([allowed]);
        expect(await call()).toBe("no answer");
      },
    );

    test("publishing leaves the flows of containers alone", async () => {
      expect(await lab.a1.callAgain(40_001, "192.0.2.2", 7)).toBe("client saw 192.0.2.1");
      const flows = () => run("conntrack", "-L", "-p", "udp", "--dport", "7").match(/^udp .*sport=40001/gm)?.length;
      expect(flows()).toBe(1);
      await publish(publishA1({ protocol: "udp", hostPort: 7 }));
      expect(flows()).toBe(1);
    });

    // With br_netfilter the call turns round within the bridge, which forwards nothing between isolated ports.
    test.each([4, 6] as const)(
      "a container kept apart reaches its own published port where no br_netfilter is, IPv%i",
      async (family) => {
        const { host, b1, bridgeB } = addresses[family];
        await publish(publishA1({ owner: "5".repeat(64), bridge: "br-b", containerAddress: b1 }));
        expect(await lab.b1.call("tcp", host, 8080)).toBe(bridgeNetfilter ? "no answer" : `b1 saw ${bridgeB}`);
        expect(await lab.a1.call("tcp", host, 8080)).toMatch(/^b1 saw /);
      },
    );

    test("a published port of the host is not one of other machines", async () => {
      await publish(publishA1());
      expect(await lab.a2.call("tcp", "192.0.2.2", 8080)).toBe("client saw 192.0.2.1");
      expect(await lab.host.call("tcp", "192.0.2.2", 8080)).toBe("client saw 192.0.2.1");
    });

    test("neighbours keep their addresses, even when routed", async () => {
      expect(await lab.a1.call("udp", "10.10.11.3", 80)).toBe("a2 saw 10.10.10.2");
    });

    test("a published port does not open the container's own address", async () => {
      await publish(publishA1());
      expect(await lab.client.call("tcp", "10.10.10.2", 80)).toBe("no answer");
      expect(await lab.b1.call("tcp", "10.10.10.2", 80)).toBe("no answer");
    });

    test("a port published on 127.0.0.1 accepts the host alone", async () => {
      await publish(publishA1({ hostAddress: "127.0.0.1" }), publishA1({ hostAddress: "127.0.0.9", hostPort: 8081 }));
      expect(await lab.host.call("tcp", "127.0.0.1", 8080)).toBe("a1 saw 10.10.10.1");
      expect(await lab.host.call("tcp", "192.0.2.1", 8080)).toBe("no answer");
      expect(await lab.client.call("tcp", "192.0.2.1", 8080)).toBe("no answer");
      expect(await lab.host.call("tcp", "127.0.0.9", 8081)).toBe("a1 saw 10.10.10.1");
      expect(await lab.client.call("tcp", "127.0.0.9", 8081)).toBe("no answer");
      expect(await lab.a2.call("tcp", "10.10.10.1", 8080)).toBe("no answer");
    });

    test("a port published on one address accepts there only, and may lead elsewhere than on the others", async () => {
      const other = publishA1({ containerAddress: "10.10.10.3", hostAddress: "192.0.2.3", owner: "3".repeat(64) });
      await publish(publishA1({ hostAddress: "192.0.2.1" }), other);
      expect(await lab.client.call("tcp", "192.0.2.1", 8080)).toBe("a1 saw 192.0.2.2");
      expect(await lab.client.call("tcp", "192.0.2.3", 8080)).toBe("a2 saw 192.0.2.2");
      expect(await lab.host.call("tcp", "127.0.0.1", 8080)).toBe("no answer");
    });

    test("ranges lead each port to its own, shifted or not", async () => {
      for (const port of [9101, 9102]) await lab.a2.serve(`a2:${port}`, port);
      await publish(
        publishA1({ hostPort: 9000, containerPort: 9000, count: 3 }),
        publishA1({ hostPort: 7000, containerPort: 9000, count: 3 }),
        publishA1({ hostPort: 9001, containerPort: 9001, count: 2, protocol: "udp", hostAddress: "192.0.2.3" }),
        publishA1({ hostPort: 9100, containerPort: 9100, count: 3, containerAddress: "10.10.10.3" }),
        publishA1({ hostPort: 7100, containerPort: 9100, count: 3, containerAddress: "10.10.10.3" }),
      );
      for (const port of [9101, 9102]) {
        expect(await lab.client.call("tcp", "192.0.2.1", port)).toBe(`a2:${port} saw 192.0.2.2`);
        expect(await lab.client.call("tcp", "192.0.2.1", port - 2000)).toBe(`a2:${port} saw 192.0.2.2`);
      }
      for (const port of [9000, 9002, 7000, 7002]) {
        expect(await lab.client.call("tcp", "192.0.2.1", port)).toBe("a1 saw 192.0.2.2");
      }
      expect(await lab.client.call("udp", "192.0.2.3", 9002)).toBe("a1 saw 192.0.2.2");
      expect(await lab.client.call("tcp", "192.0.2.1", 9003)).toBe("no answer");
      expect(await lab.client.call("udp", "192.0.2.1", 9002)).toBe("no answer");
    });

    test("containers reach the world under the host's address, and it cannot call back", async () => {
      expect(await lab.a1.call("tcp", "192.0.2.2", 7)).toBe("client saw 192.0.2.1");
      expect(await lab.b1.call("udp", "192.0.2.2", 7)).toBe("client saw 192.0.2.1");
      expect(await lab.a1.call("tcp", "2001:db8::2", 7)).toBe("client saw 2001:db8::1");
    });

    test("containers reach neither the host's loopback nor pose as it", async () => {
      await lab.host.serve("host", 631);
      expect(await lab.host.call("tcp", "127.0.0.1", 631)).toBe("host saw 127.0.0.1");
      expect(await lab.a1.call("tcp", "10.10.10.1", 631)).toBe("host saw 10.10.10.2");
      expect(await lab.a1.call("tcp", "127.0.0.8", 631)).toBe("no answer");
      await lab.a1.shout("127.0.0.7", "10.10.10.1", 631);
      expect(await lab.host.callers()).toEqual(["127.0.0.1", "10.10.10.2"]);
    });

    test("::1 stays the host's own", async () => {
      await lab.host.serve("host", 632);
      await publish(publishA1({ containerAddress: "fd00:a::2", hostPort: 632 }));
      expect(await lab.host.call("tcp", "2001:db8::1", 632)).toMatch(/^a1 saw /);
      expect(await lab.host.call("tcp", "::1", 632)).toBe("host saw ::1");
    });

    test("IPv6: published, isolated, from outside, neighbours and itself", async () => {
      await publish(publishA1({ containerAddress: "fd00:a::2" }));
      expect(await lab.client.call("tcp", "2001:db8::1", 8080)).toBe("a1 saw 2001:db8::2");
      expect(await lab.host.call("tcp", "2001:db8::1", 8080)).toMatch(/^a1 saw /);
      expect(await lab.a2.call("tcp", "2001:db8::1", 8080)).toBe("a1 saw fd00:a::1");
      expect(await lab.a1.call("tcp", "2001:db8::1", 8080)).toBe("a1 saw fd00:a::1");
      expect(await lab.client.call("tcp", "fd00:a::2", 80)).toBe("no answer");
    });
  });
}

/** Of the lab. */
const addresses = {
  4: {
    host: "192.0.2.1",
    client: "192.0.2.2",
    a1: "10.10.10.2",
    a2: "10.10.10.3",
    b1: "10.20.20.2",
    bridgeB: "10.20.20.1",
  },
  6: {
    host: "2001:db8::1",
    client: "2001:db8::2",
    a1: "fd00:a::2",
    a2: "fd00:a::3",
    b1: "fd00:b::2",
    bridgeB: "fd00:b::1",
  },
} as const;
