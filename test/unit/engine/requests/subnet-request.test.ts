import { describe, expect, test } from "@jest/globals";
import { subnetRequests } from "../../../../src/engine/requests/subnet-request.js";
import { failureOf } from "../../store/support/temporary-store.js";

const v4 = "10.1.0.0/24";
const v6 = "fd00:1::/64";

describe("the request for a network's subnets", () => {
  test.each([
    [{}, [{ family: 4 }]],
    [{ subnets: [] }, [{ family: 4 }]],
    [{ ipv6: true }, [{ family: 4 }, { family: 6 }]],
    [{ ipv6: false }, [{ family: 4 }]],
    [{ ipv4: false, ipv6: true }, [{ family: 6 }]],
    [{ subnets: [v4] }, [{ family: 4, subnet: v4 }]],
    [{ subnets: [v4], ipv6: true }, [{ family: 4, subnet: v4 }, { family: 6 }]],
    [{ subnets: [v6] }, [{ family: 4 }, { family: 6, subnet: v6 }]],
    [{ subnets: [v6], ipv4: false }, [{ family: 6, subnet: v6 }]],
    [
      { subnets: [v6, v4] },
      [
        { family: 4, subnet: v4 },
        { family: 6, subnet: v6 },
      ],
    ],
    [
      {
        subnets: [v6, v4],
        gateways: ["fd00:1::9", "10.1.0.9"],
        ranges: ["10.1.0.128/25", "fd00:1::/80"],
        auxiliary: { tv: "10.1.0.7", radio: "fd00:1::7", door: "10.1.0.8" },
      },
      [
        {
          family: 4,
          subnet: v4,
          gateway: "10.1.0.9",
          range: "10.1.0.128/25",
          auxiliary: { tv: "10.1.0.7", door: "10.1.0.8" },
        },
        { family: 6, subnet: v6, gateway: "fd00:1::9", range: "fd00:1::/80", auxiliary: { radio: "fd00:1::7" } },
      ],
    ],
    [
      { subnets: [v6], gateways: ["fd00:1::9"], auxiliary: {} },
      [{ family: 4 }, { family: 6, subnet: v6, gateway: "fd00:1::9" }],
    ],
    // What the address management refuses, with a better sentence than could be had here.
    [{ subnets: ["10.1/24"] }, [{ family: 4, subnet: "10.1/24" }]],
    [{ subnets: [v4], gateways: ["10.2.0.1"] }, [{ family: 4, subnet: v4, gateway: "10.2.0.1" }]],
    [{ subnets: [v4], ranges: ["all"] }, [{ family: 4, subnet: v4, range: "all" }]],
  ])("%j are %j", (spec, requested) => {
    expect(subnetRequests(spec)).toEqual(requested);
  });

  test.each([
    [{ subnets: [v4, v6, "10.2.0.0/24"] }, "two IPv4 subnets were given: 10.1.0.0/24 and 10.2.0.0/24"],
    [{ subnets: [v6, "fd00:2::/64"] }, "two IPv6 subnets were given: fd00:1::/64 and fd00:2::/64"],
    [{ subnets: [v4], gateways: ["10.1.0.1", "10.1.0.2"] }, "two IPv4 gateways were given: 10.1.0.1 and 10.1.0.2"],
    [
      { subnets: [v6], ranges: ["fd00:1::/80", "fd00:1::/81"] },
      "two IPv6 ranges were given: fd00:1::/80 and fd00:1::/81",
    ],
    [{ subnets: [v6, v4], ipv4: false }, "subnet 10.1.0.0/24 was given for a network without IPv4"],
    [{ subnets: [v4, v6], ipv6: false }, "subnet fd00:1::/64 was given for a network without IPv6"],
    [{ ipv4: false }, "the network would have neither IPv4 nor IPv6"],
    [{ ipv4: false, ipv6: false }, "the network would have neither IPv4 nor IPv6"],
    [{ gateways: ["10.1.0.1"] }, "gateway 10.1.0.1 was given without a subnet"],
    [{ ranges: ["fd00::/80"], ipv6: true }, "range fd00::/80 was given without a subnet"],
    [{ auxiliary: { tv: "10.1.0.7" } }, "auxiliary address tv=10.1.0.7 was given without a subnet"],
    [{ subnets: [v4], gateways: ["fd00::1"] }, "gateway fd00::1 is outside every subnet given: 10.1.0.0/24"],
    [
      { subnets: [v4], ranges: ["fd00::/80"], ipv6: true },
      "range fd00::/80 is outside every subnet given: 10.1.0.0/24",
    ],
    [
      { subnets: [v6], auxiliary: { radio: "fd00:1::7", tv: "10.1.0.7" } },
      "auxiliary address tv=10.1.0.7 is outside every subnet given: fd00:1::/64",
    ],
  ])("%j contradict each other", (spec, message) => {
    expect(failureOf(() => subnetRequests(spec))).toMatchObject({ kind: "invalid-input", message });
  });
});
