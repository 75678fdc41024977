import { expect, test } from "@jest/globals";
import { countWith } from "../../../src/nat/published-traffic.js";

const container = Buffer.from([10, 0, 0, 2]);
const flow = (port: number, more: object = {}) => ({
  ...{ family: 4 as const, original: Buffer.alloc(0), protocol: 6, status: 1 << 5, responder: container },
  ...{ destination: { address: Buffer.from([192, 0, 2, 1]), port }, there: 10, back: 20 },
  ...more,
});
const web = { protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 } as const;
const addresses = ["10.0.0.2/24"];

test("flows through a published port are summed, and those of other containers, addresses and protocols are not", () => {
  const other = { address: Buffer.from([198, 51, 100, 1]), port: 8080 };
  const count = countWith([
    flow(8080),
    flow(8080),
    flow(8081),
    flow(8080, { protocol: 17 }),
    flow(8080, { responder: Buffer.from([10, 0, 0, 3]) }),
    flow(8080, { destination: other }),
  ]);
  const port = { protocol: "tcp", hostPort: 8080, containerPort: 80 };
  expect(count(web, addresses)).toEqual([{ ...port, connections: 3, received: 30, sent: 60 }]);
  const bound = { ...web, hostAddress: "192.0.2.1" };
  expect(count(bound, addresses)).toMatchObject([{ hostIp: "192.0.2.1", connections: 2 }]);
});

test("a port without connections is listed, one of a range is not, and bytes that the kernel does not count are missing", () => {
  const count = countWith([flow(9001, { there: undefined, back: undefined })]);
  expect(count(web, addresses)).toMatchObject([{ connections: 0, received: 0 }]);
  const range = { ...web, hostPort: 9000, containerPort: 7000, count: 10 };
  expect(count(range, addresses)).toEqual([{ protocol: "tcp", hostPort: 9001, containerPort: 7001, connections: 1 }]);
});
