import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parsePort } from "../../../../src/engine/requests/port-spec.js";
import { failureOf } from "../../store/support/temporary-store.js";

const tcp = { protocol: "tcp", count: 1 };

describe("a publication", () => {
  test.each([
    ["80", { ...tcp, containerPort: 80 }],
    [":80", { ...tcp, containerPort: 80 }],
    ["8080:80", { ...tcp, hostPort: 8080, containerPort: 80 }],
    ["8080:80/tcp", { ...tcp, hostPort: 8080, containerPort: 80 }],
    ["53:53/udp", { protocol: "udp", count: 1, hostPort: 53, containerPort: 53 }],
    ["38412:38412/sctp", { protocol: "sctp", count: 1, hostPort: 38_412, containerPort: 38_412 }],
    ["127.0.0.1:8080:80", { ...tcp, hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80 }],
    ["127.0.0.1::80", { ...tcp, hostAddress: "127.0.0.1", containerPort: 80 }],
    ["0.0.0.0:8080:80", { ...tcp, hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80 }],
    ["[::1]:8080:80", { ...tcp, hostAddress: "::1", hostPort: 8080, containerPort: 80 }],
    ["[2001:DB8:0::1]::80", { ...tcp, hostAddress: "2001:db8::1", containerPort: 80 }],
    ["9000-9010:9000-9010", { ...tcp, hostPort: 9000, containerPort: 9000, count: 11 }],
    ["9000-9002:7000-7002/udp", { protocol: "udp", hostPort: 9000, containerPort: 7000, count: 3 }],
    ["8000-8010:80", { ...tcp, hostPort: 8000, hostPortEnd: 8010, containerPort: 80 }],
    ["7000-7002", { protocol: "tcp", containerPort: 7000, count: 3 }],
    ["0:80", { ...tcp, containerPort: 80 }],
    ["127.0.0.1:0:80", { ...tcp, hostAddress: "127.0.0.1", containerPort: 80 }],
    ["[::1]:0:53/UDP", { protocol: "udp", count: 1, hostAddress: "::1", containerPort: 53 }],
    ["0:7000-7002", { protocol: "tcp", containerPort: 7000, count: 3 }],
    ["80/TCP", { ...tcp, containerPort: 80 }],
    ["8802:80/Udp", { protocol: "udp", count: 1, hostPort: 8802, containerPort: 80 }],
    ["8080-8081:80-81/UDP", { protocol: "udp", count: 2, hostPort: 8080, containerPort: 80 }],
    ["::1:8080:80", { ...tcp, hostAddress: "::1", hostPort: 8080, containerPort: 80 }],
    ["2001:db8::68::333", { ...tcp, hostAddress: "2001:db8::68", containerPort: 333 }],
    ["::80", { ...tcp, containerPort: 80 }],
    ["[::ffff:127.0.0.1]:8080:80", { ...tcp, hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80 }],
    ["published=8080,target=80", { ...tcp, hostPort: 8080, containerPort: 80 }],
    ["target=53,protocol=UDP", { protocol: "udp", count: 1, containerPort: 53 }],
    ["1-65535:1-65535", { protocol: "tcp", hostPort: 1, containerPort: 1, count: 65_535 }],
  ])("%s is %j", (text, request) => {
    expect(parsePort(text)).toEqual(request);
  });

  test.each([
    ["", "it has no container port"],
    ["80:", "it has no container port"],
    ["80:/tcp", "it has no container port"],
    ["1:2:3:4", '"1:2" is not an IP address'],
    [":::80", '":" is not an IP address'],
    ["127.0.0.1:80", "a host port, or nothing and a colon, belongs between its address and its container port"],
    ["[fe80::1%eth0]:80:80", "fe80::1%eth0 belongs to a single link"],
    ["224.0.0.1:80:80", "224.0.0.1 is a group's"],
    ["80/80:80", '"80/80" is not a port from 1 to 65535'],
    ["80\n", '"80\n" is not a port from 1 to 65535'],
    ["published=80,port=80", '"port" is not published, target or protocol'],
    ["published=80,tcp", '"tcp" is not published, target or protocol'],
    ["published=80", "it has no container port"],
    ["0-3:80", '"0" is not a port from 1 to 65535'],
    ["localhost:80:80", '"localhost" is not an IP address'],
    ["[::1:80:80", '"[::1" is not an IP address'],
    ["[::1]:80", '"[:" is not an IP address'],
    ["[127.0.0.256]:80:80", '"127.0.0.256" is not an IP address'],
    ["80:65536", '"65536" is not a port from 1 to 65535'],
    ["80:-1", '"" is not a port from 1 to 65535'],
    ["http:80", '"http" is not a port from 1 to 65535'],
    ["0x50:80", '"0x50" is not a port from 1 to 65535'],
    ["80:80:80", '"80" is not an IP address'],
    ["80:1-2-3", '"1-2-3" is not a range'],
    ["80:82-80", "the range 82-80 ends before it starts"],
    ["80-81:80-82", "the host range has 2 ports and the container range 3"],
    ["80:80-82", "the host range has 1 ports and the container range 3"],
    ["80/", '"" is not tcp, udp or sctp'],
    ["80:80/icmp", '"icmp" is not tcp, udp or sctp'],
    ["80:80/tcp/udp", '"tcp/udp" is not tcp, udp or sctp'],
  ])("%j is refused: %s", (text, why) => {
    expect(failureOf(() => parsePort(text))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_PORT_INVALID",
      message: `cannot publish "${text}": ${why}`,
      hint: "Write [[ip:][hostPort]:]containerPort[/protocol], as in 8080:80 or 127.0.0.1:53:53/udp.",
      details: { value: text },
    });
  });

  test("comes back from what it is written as", () => {
    const port = fc.integer({ min: 1, max: 65_000 });
    const request = fc.record({
      protocol: fc.constantFrom("tcp", "udp", "sctp"),
      hostAddress: fc.constantFrom("127.0.0.1", "192.0.2.7"),
      hostPort: port,
      containerPort: port,
      count: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(request, (wanted) => {
        const { protocol, hostAddress, hostPort, containerPort, count } = wanted;
        const range = (first: number): string => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);
        expect(parsePort(`${hostAddress}:${range(hostPort)}:${range(containerPort)}/${protocol}`)).toEqual(wanted);
      }),
    );
  });

  test("of any text is either read within bounds or refused as such", () => {
    const text = fc.array(fc.constantFrom("8", "0", "65535", ":", "-", "/", "tcp", "[", "]", "::1", "."), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((parts) => parts.join("")),
          fc.string(),
        ),
        (value) => {
          try {
            const { containerPort, count, hostPort = 1, hostPortEnd = hostPort } = parsePort(value);
            expect(Math.min(containerPort, hostPort, count)).toBeGreaterThanOrEqual(1);
            expect(Math.max(containerPort + count - 1, hostPort + count - 1, hostPortEnd)).toBeLessThanOrEqual(65_535);
          } catch (error) {
            expect(error).toMatchObject({ code: "TSD_PORT_INVALID" });
          }
        },
      ),
    );
  });
});

test("all addresses of one family are not those of both", () => {
  expect(parsePort("0.0.0.0:80:80")).toMatchObject({ hostAddress: "0.0.0.0" });
  expect(parsePort("[::]:80:80")).toMatchObject({ hostAddress: "::" });
  expect(parsePort("80:80")).not.toHaveProperty("hostAddress");
});
