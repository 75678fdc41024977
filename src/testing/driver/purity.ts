import type { Network, Resource } from "../../api/index.js";
import type { Chapter } from "../chapter.js";
import { expectSame } from "../expectations.js";
import type { DriverSubject } from "./driver-subject.js";
import { sampleEndpoint, sampleNetwork } from "./samples.js";

/** Removal and repair use the list that was returned at creation, so the same arguments must give the same list. */
export function purity(subject: DriverSubject): Chapter {
  const { driver } = subject;
  const listsOf = (network: Network): readonly (readonly Resource[])[] => [
    driver.network(network),
    ...[2, 3].map((number) => driver.endpoint(network, sampleEndpoint(network, number))),
  ];
  return {
    title: "Lists depend on their arguments alone",
    cases: [
      {
        name: "returns the same lists for the same network and endpoints, and changes neither",
        run: () => {
          const network = sampleNetwork(subject);
          expectSame("the lists of a second call", listsOf(network), listsOf(network));
        },
      },
      {
        name: "returns the same lists whatever it was asked before",
        run: () => {
          const [first, second] = [sampleNetwork(subject), sampleNetwork(subject, "second")];
          const before = listsOf(first);
          const between = listsOf(second);
          expectSame("the lists of the first network after those of another", listsOf(first), before);
          expectSame("the lists of the other network", listsOf(second), between);
        },
      },
      {
        name: "returns the same lists at another time, with other chances, in another environment",
        run: () => {
          const network = sampleNetwork(subject);
          const before = listsOf(network);
          expectSame(
            "the lists then",
            elsewhere(() => listsOf(network)),
            before,
          );
        },
      },
      {
        name: "observes the same facts on the same host",
        run: () => {
          expectSame("the facts of a second look", sampleNetwork(subject).facts, sampleNetwork(subject).facts);
        },
      },
    ],
  };
}

/** Calls `act` with another clock, another Math.random and another environment. */
function elsewhere<T>(act: () => T): T {
  const { now } = Date;
  const { random } = Math;
  const clock = performance.now;
  const { env } = process;
  Date.now = () => 4_102_444_800_000;
  Math.random = () => 0.123_456_789;
  performance.now = () => 987_654_321;
  process.env = {};
  try {
    return act();
  } finally {
    Date.now = now;
    Math.random = random;
    performance.now = clock;
    process.env = env;
  }
}
