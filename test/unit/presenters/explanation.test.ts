import { expect, test } from "@jest/globals";
import { explanationText } from "../../../src/presenters/explanation.js";

const ports = { hostPort: 8080, containerPort: 80, count: 1 } as const;
const publish = {
  kind: "publish",
  owner: "f",
  bridge: "br0",
  protocol: "tcp",
  containerAddress: "10.0.0.2",
  ...ports,
} as const;

test("hops are numbered, and what is lacking stands below the hop", () => {
  const text = explanationText({
    hops: [
      { place: "host", what: "takes it in by up0" },
      {
        ...{ place: "prerouting", what: "translates it", by: "element tcp . 8080 of map publish4" },
        drifts: [{ resource: publish, problem: "missing" }],
        amiss: "the kernel sends it by up1 instead",
      },
    ],
    verdict: { reaches: false, why: "hop 2 is not in the kernel", hint: "Repair it: tsd reload" },
    cautions: ["table ip filter may drop it"],
  });
  expect(text).toBe(`1. host: takes it in by up0
2. prerouting: translates it
   by element tcp . 8080 of map publish4
   but the kernel lacks it (published port 8080/tcp): tsd reload repairs it
   but the kernel sends it by up1 instead
verdict: does not arrive, since hop 2 is not in the kernel
hint: Repair it: tsd reload
caution: table ip filter may drop it
`);
});

test("who is reached, and what they see, as far as it is known", () => {
  const verdict = { reaches: true, server: "container db", at: "10.0.0.3:80", why: 'both are on network "front"' };
  const words = (more: object) => explanationText({ hops: [], verdict: { ...verdict, ...more }, cautions: [] });
  expect(words({})).toBe('verdict: reaches container db at 10.0.0.3:80: both are on network "front"\n');
  expect(words({ seenAs: "10.0.0.2" })).toContain("at 10.0.0.3:80, which sees 10.0.0.2: ");
});
