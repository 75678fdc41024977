import { describe, expect, test } from "@jest/globals";
import { refuseRoutes } from "../../../../src/hosts/docker/refuse-routes.js";

const called = { plugin: "p", verb: "NetworkDriver.Join" };
const others = [{ cidr: "10.7.0.0/16", network: "own" }];
const within = ["10.50.0.0/24", "fd00:50::/64"];

describe("routes of Join", () => {
  test.each([
    [undefined, "10.9.0.0/16"],
    [undefined, "10.0.0.0/8"],
    [undefined, "0.0.0.0/1"],
    [within, "10.50.0.128/25"],
    [within, "fd00:50::7/128"],
    [within, "0.0.0.0/0"],
  ])("within %j: %s", (inside, destination) => {
    expect(() => refuseRoutes(called, [{ destination }], { within: inside, others })).not.toThrow();
  });

  test.each([
    [undefined, "127.0.0.1/32", "which is in 127.0.0.0/8"],
    [undefined, "239.0.0.0/8", "which is in 224.0.0.0/4"],
    [undefined, "::1/128", "which is in ::1/128"],
    [undefined, "ff02::/16", "which is in ff00::/8"],
    [undefined, "10.7.0.0/16", 'which is in subnet 10.7.0.0/16 of network "own"'],
    [undefined, "10.7.3.0/24", "of network"],
    [within, "0.0.0.0/1", "a route to 0.0.0.0/1, which leads out of the network, which is internal"],
    [within, "128.0.0.0/1", "internal"],
    [within, "10.50.0.0/23", "internal"],
    [within, "2000::/3", "internal"],
  ])("not within %j: %s", (inside, destination, said) => {
    expect(() => refuseRoutes(called, [{ destination }], { within: inside, others })).toThrow(said);
  });
});
